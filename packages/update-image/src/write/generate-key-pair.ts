import { generateKeyPairSync } from 'node:crypto';
import { keyIdOf } from '../keys/key-id.ts';

/** A new Ed25519 key pair, as PEM (PKCS #8 and SPKI), as `openssl genpkey` writes it. */
export function generateKeyPair(): { privatePem: string; publicPem: string; keyId: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    keyId: keyIdOf(publicKey),
  };
}
