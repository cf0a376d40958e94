import { createHash, type KeyObject } from 'node:crypto';

const KEY_ID_DIGITS = 32;

/** The form of a key id, in signatures and in lists of revoked keys. */
export const KEY_ID_PATTERN = /^[0-9a-f]{32}$/;

/** The id of a public key: the first 32 hex digits of the SHA-256 of its SPKI DER. */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, KEY_ID_DIGITS);
}
