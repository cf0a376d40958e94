import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { keyIdOf } from '../keys/key-id.ts';
import { rejected } from '../update-error.ts';

/** An Ed25519 key to sign with. */
export interface PrivateKey {
  readonly keyId: string;
  readonly key: KeyObject;
  readonly publicPem: string;
}

/**
 * Reads a private key as `openssl genpkey -algorithm ed25519` writes it, without a passphrase.
 *
 * @param name origin of the text, for the message; the text itself is never quoted.
 * @throws MicroLinuxError `key-invalid`.
 */
export function parsePrivateKey(pem: string, name: string): PrivateKey {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw keyInvalid(
      name,
      pem.includes('ENCRYPTED') ? 'it is locked with a passphrase' : messageOf(error),
    );
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw keyInvalid(name, `its type is ${key.asymmetricKeyType}`);
  }
  const publicKey = createPublicKey(key);
  return {
    keyId: keyIdOf(publicKey),
    key,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function keyInvalid(name: string, why: string) {
  return rejected({
    code: 'key-invalid',
    message: `${name} contains no usable Ed25519 private key`,
    why,
    details: { file: name },
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
