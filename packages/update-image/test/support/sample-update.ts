import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, type PublicKey, parsePublicKey } from '../../src/index.ts';
import type { TrustPolicy } from '../../src/verify/trust.ts';
import {
  compressImage,
  encodeManifest,
  generateKeyPair,
  type Payload,
  type PrivateKey,
  parsePrivateKey,
  signManifest,
  writeUpdate,
} from '../../src/write/index.ts';
import { sampleImage } from './sample-image.ts';

/** The smallest valid chunks: many of them in a small image. */
export const CHUNK_BYTES = 64 * 1024;

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

/** A manifest for `payload`; `changes` override its fields. */
export function manifestFor(payload: Payload, changes: Partial<Manifest> = {}): Manifest {
  return {
    format: 'micro-linux-update',
    schema: 1,
    compatible: 'test-device',
    version: '2.0.0',
    rollbackIndex: 3,
    architecture: 'x86_64',
    profile: 'bookworm',
    buildId: 'test-build',
    kernel: '6.1.0-test',
    image: { ...payload, chunks: [...payload.chunks] },
    ...changes,
  };
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
  const payload = await compressImage({
    image: imageFile,
    output: payloadFile,
    level: 3,
    chunkBytes: CHUNK_BYTES,
  });
  const manifestBytes = encodeManifest(manifestFor(payload));
  const signatures = keys.map(({ privateKey }) => signManifest(manifestBytes, privateKey.key));
  await writeUpdate({ output: file, payload: payloadFile, manifestBytes, signatures });
  return { file, imageFile, payloadFile, image, manifestBytes, bytes: readFileSync(file) };
}
