import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { ManifestSignature } from '../head/signatures.ts';
import { keyIdOf } from '../keys/key-id.ts';

/** Signs the bytes from {@link encodeManifest}, as `openssl pkeyutl -sign -rawin` does. */
export function signManifest(manifestBytes: Buffer, privateKey: KeyObject): ManifestSignature {
  return {
    keyId: keyIdOf(createPublicKey(privateKey)),
    algorithm: 'ed25519',
    signature: sign(null, manifestBytes, privateKey).toString('base64'),
  };
}
