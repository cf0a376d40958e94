import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PublicKey, parsePublicKey } from '../../src/index.ts';
import { makeUpdate } from '../../src/testing.ts';
import type { TrustPolicy } from '../../src/verify/trust.ts';
import { generateKeyPair, type PrivateKey, parsePrivateKey } from '../../src/write/index.ts';
import { sampleImage } from './sample-image.ts';

export interface TestKey {
  readonly keyId: string;
  readonly privatePem: string;
  readonly privateKey: PrivateKey;
  readonly publicKey: PublicKey;
}

export function testKey(): TestKey {
  const { privatePem, publicPem, keyId } = generateKeyPair();
  return {
    keyId,
    privatePem,
    privateKey: parsePrivateKey(privatePem, 'private key'),
    publicKey: parsePublicKey(publicPem, 'public key'),
  };
}

export function trusting(...keys: readonly TestKey[]): TrustPolicy {
  return { keys: keys.map(({ publicKey }) => publicKey), revoked: new Set(), threshold: 1 };
}

export interface SampleUpdate {
  readonly file: string;
  readonly imageFile: string;
  readonly payloadFile: string;
  readonly image: Buffer;
  readonly manifestBytes: Buffer;
  readonly bytes: Buffer;
}

/** Writes an update of a small image into `directory`, signed by `keys`. */
export async function sampleUpdate(
  directory: string,
  keys: readonly TestKey[],
  imageBytes = 200 * 1024,
): Promise<SampleUpdate> {
  const image = sampleImage(imageBytes);
  const imageFile = join(directory, 'slot.img');
  const payloadFile = join(directory, 'payload');
  const file = join(directory, 'update.img');
  writeFileSync(imageFile, image);
  const { manifestBytes } = await makeUpdate({
    image: imageFile,
    payload: payloadFile,
    output: file,
    privatePems: keys.map(({ privatePem }) => privatePem),
  });
  return { file, imageFile, payloadFile, image, manifestBytes, bytes: readFileSync(file) };
}
