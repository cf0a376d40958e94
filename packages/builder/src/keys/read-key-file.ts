import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { ExitCode, errnoOf, MicroLinuxError, reasonOf } from '@micro-linux/core';
import { type PublicKey, parsePublicKey } from '@micro-linux/update-image';
import { parsePrivateKey } from '@micro-linux/update-image/write';

/** Far larger than any PEM key; guards against reading a disk by mistake. */
const MAXIMUM_BYTES = 64 * 1024;

/** A public key as written to devices. */
export interface PublicKeyFile extends PublicKey {
  /** Normalized: independent of the file's line endings and comments. */
  readonly pem: string;
}

export interface PrivateKeyFile {
  readonly keyId: string;
  readonly key: KeyObject;
  readonly publicPem: string;
  /** Whether users other than its owner may read the file. */
  readonly exposed: boolean;
}

/**
 * Reads an Ed25519 public key (PEM, SPKI).
 *
 * @throws MicroLinuxError, exit code 2: `key-missing`, `key-unreadable`, `key-wrong-type`,
 *   `key-invalid`.
 */
export async function readPublicKeyFile(path: string): Promise<PublicKeyFile> {
  const { pem } = await readKeyFile(path, './micro-linux keygen FILE makes a pair of keys');
  if (pem.includes('PRIVATE KEY')) {
    throw keyError('key-invalid', `${path} contains a private key`, {
      why: 'a public key is needed here: it goes into the image, where everyone can read it',
      hint: `name its public half: openssl pkey -in ${path} -pubout`,
    });
  }
  const found = ed25519Key(path, () => createPublicKey(pem));
  const spki = found.export({ format: 'pem', type: 'spki' }).toString();
  return { ...parsePublicKey(spki, path), pem: spki };
}

/**
 * Reads an Ed25519 private key (PEM, PKCS#8, not encrypted).
 *
 * @throws MicroLinuxError, exit code 2: as {@link readPublicKeyFile}, and `key-encrypted`. They
 *   contain nothing of the key.
 */
export async function readPrivateKeyFile(path: string): Promise<PrivateKeyFile> {
  const { pem, mode } = await readKeyFile(path, `./micro-linux keygen ${path}`);
  if (/ENCRYPTED/.test(pem)) {
    throw keyError('key-encrypted', `the private key ${path} is encrypted`, {
      why: 'a build cannot ask for a passphrase',
      hint: 'sign by a command that asks for it (update.signCommand), or in two steps (--detached)',
    });
  }
  if (!pem.includes('PRIVATE KEY') && pem.includes('PUBLIC KEY')) {
    throw keyError('key-invalid', `${path} contains a public key`, {
      why: 'only the private half can sign',
      hint: 'name the private key file, which ./micro-linux keygen wrote next to it',
    });
  }
  ed25519Key(path, () => createPrivateKey(pem));
  const { keyId, key, publicPem } = parsePrivateKey(pem, path);
  return { keyId, key, publicPem, exposed: (mode & 0o077) !== 0 };
}

async function readKeyFile(
  path: string,
  hint: string,
): Promise<{ readonly pem: string; readonly mode: number }> {
  try {
    // Opening a named pipe would block until there is a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = await file.stat();
      if (!info.isFile() || info.size > MAXIMUM_BYTES) {
        throw keyError('key-invalid', `${path} is not a key file`, {
          why: info.isFile() ? `it has ${info.size} bytes` : 'it is not a regular file',
          hint,
        });
      }
      return { pem: await file.readFile('utf8'), mode: info.mode };
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof MicroLinuxError) {
      throw cause;
    }
    const missing = errnoOf(cause) === 'ENOENT';
    throw missing
      ? keyError('key-missing', `the key file ${path} does not exist`, { hint }, cause)
      : keyError('key-unreadable', `the key file ${path} cannot be read`, {
          why: reasonOf(cause),
          hint: 'give your user the right to read it, or name another file',
        });
  }
}

/** The error leaves out OpenSSL's message, which does not help a user who named the wrong file. */
function ed25519Key(path: string, parse: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = parse();
  } catch {
    throw keyError('key-invalid', `${path} contains no key in PEM form`, {
      hint: './micro-linux keygen FILE makes a pair of keys',
    });
  }
  const type = key.asymmetricKeyType;
  if (type !== 'ed25519') {
    throw keyError('key-wrong-type', `${path} is a key of type ${type}, not Ed25519`, {
      why: 'updates are signed by Ed25519 alone, so that a device has one algorithm to trust',
      hint: './micro-linux keygen FILE makes a pair of the right type',
    });
  }
  return key;
}

function keyError(
  code: string,
  message: string,
  more: { readonly why?: string; readonly hint: string },
  cause?: unknown,
): MicroLinuxError {
  return new MicroLinuxError({ code, message, ...more, exitCode: ExitCode.usage, cause });
}
