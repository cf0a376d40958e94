import { link, mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { generateKeyPair } from '@micro-linux/update-image/write';

/** A pair of key files. */
export interface KeyPairFiles {
  readonly keyId: string;
  readonly privateKey: string;
  readonly publicKey: string;
}

/** Where the public half of a private key file lies: `a.pem` → `a.pub.pem`. */
export function publicKeyPath(privateKey: string): string {
  return `${privateKey.replace(/\.pem$/, '')}.pub.pem`;
}

/**
 * Makes an Ed25519 pair: the private key for its owner's eyes only from its first byte on, the
 * public key beside it. A directory made for it is for the owner only too, and git passes its
 * private keys over. Never replaces a file.
 *
 * @throws MicroLinuxError, exit code 2: `key-exists`, `key-unwritable`.
 */
export async function writeKeyPair(path: string): Promise<KeyPairFiles> {
  const publicPath = publicKeyPath(path);
  const folder = dirname(path);
  try {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) {
      await writeFile(join(folder, '.gitignore'), '*.pem\n!*.pub.pem\n', { flag: 'wx' });
    }
    const temporary = await mkdtemp(join(folder, '.new-'));
    try {
      const { privatePem, publicPem, keyId } = generateKeyPair();
      const [privateNew, publicNew] = [join(temporary, 'private'), join(temporary, 'public')];
      await writeSynced(privateNew, privatePem, 0o600);
      await writeSynced(publicNew, publicPem, 0o644);
      // link(2) fails where rename(2) would replace: of two who make a key at once, one wins.
      await link(privateNew, path);
      try {
        await link(publicNew, publicPath);
      } catch (error) {
        await rm(path);
        throw error;
      }
      return { keyId, privateKey: path, publicKey: publicPath };
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (cause) {
    throw explain(cause, path, publicPath);
  }
}

/** Writes the public half anew where it was lost. */
export async function writePublicHalf(privateKey: string, publicPem: string): Promise<void> {
  const path = publicKeyPath(privateKey);
  const temporary = `${path}.new-${process.pid}`;
  try {
    await writeSynced(temporary, publicPem, 0o644);
    await rename(temporary, path);
  } catch (cause) {
    throw explain(cause, privateKey, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeSynced(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** EEXIST of link(2): that of mkdir(2) means that a file stands where the directory should. */
function isTaken(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    'syscall' in error &&
    error.code === 'EEXIST' &&
    error.syscall === 'link'
  );
}

function explain(cause: unknown, path: string, publicPath: string): MicroLinuxError {
  if (isTaken(cause)) {
    return new MicroLinuxError({
      code: 'key-exists',
      message: `there is a key already: ${path} or ${publicPath}`,
      why: 'who replaces a key locks out the devices that trust it',
      hint: 'choose another file name, or move the old pair away',
      exitCode: ExitCode.usage,
      cause,
    });
  }
  return new MicroLinuxError({
    code: 'key-unwritable',
    message: `the key ${path} cannot be written`,
    why: cause instanceof Error ? cause.message : String(cause),
    hint: 'choose a directory that your user may write to',
    exitCode: ExitCode.usage,
    cause,
  });
}
