import { createPublicKey, type KeyObject } from 'node:crypto';
import { rejected } from '../update-error.ts';
import { keyIdOf } from './key-id.ts';

/** An Ed25519 key that verifies signatures. */
export interface PublicKey {
  readonly keyId: string;
  readonly key: KeyObject;
}

const PUBLIC_KEY_PEM =
  /^-----BEGIN PUBLIC KEY-----\r?\n[A-Za-z0-9+/=\r\n]{1,256}-----END PUBLIC KEY-----\s*$/;

/**
 * Reads a public key as `openssl pkey -pubout` writes it.
 *
 * @param name origin of the text, for the message.
 * @throws MicroLinuxError `key-invalid`.
 */
export function parsePublicKey(pem: string, name: string): PublicKey {
  if (pem.includes('PRIVATE KEY')) {
    throw rejected({
      code: 'key-invalid',
      message: `${name} contains a private key instead of a public one`,
      hint: `openssl pkey -in ${name} -pubout`,
      details: { file: name },
    });
  }
  if (!PUBLIC_KEY_PEM.test(pem)) {
    throw keyInvalid(name, 'it must be one PEM block "PUBLIC KEY" and nothing else');
  }
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (error) {
    throw keyInvalid(name, error instanceof Error ? error.message : String(error), error);
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw keyInvalid(name, `its type is ${key.asymmetricKeyType}`);
  }
  return { keyId: keyIdOf(key), key };
}

function keyInvalid(name: string, why: string, cause?: unknown) {
  return rejected({
    code: 'key-invalid',
    message: `${name} contains no Ed25519 public key`,
    why,
    details: { file: name },
    cause,
  });
}
