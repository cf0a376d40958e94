import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chunkPlaces, fileSource, readHead, updateFileBytes } from '../../src/index.ts';
import { makeUpdate } from '../../src/testing.ts';
import { generateKeyPair, parsePrivateKey, signManifest } from '../../src/write/index.ts';
import { sampleImage } from '../support/sample-image.ts';
import { vectorCases } from './cases.ts';

/** Rebuilds the test vectors. Usage: node make.ts DIRECTORY; see README.md. */
export const KEY_NAMES = ['test-only-key-1', 'test-only-key-2'] as const;

const IMAGE_BYTES = 200 * 1024;
const LEVEL = 9;

/**
 * Writes update.img, facts.json and cases.json into `directory`, with the keys there or with new
 * ones.
 */
export async function makeVectors(directory: string): Promise<void> {
  const file = (name: string) => join(directory, name);
  const image = sampleImage(IMAGE_BYTES);
  writeFileSync(file('slot.img'), image);
  const keys = KEY_NAMES.map((name) => {
    if (!existsSync(file(`${name}.pem`))) {
      const { privatePem, publicPem } = generateKeyPair();
      writeFileSync(file(`${name}.pem`), privatePem, { mode: 0o600 });
      writeFileSync(file(`${name}.pub.pem`), publicPem);
    }
    return parsePrivateKey(readFileSync(file(`${name}.pem`), 'utf8'), name);
  });
  const { manifestBytes } = await makeUpdate({
    image: file('slot.img'),
    payload: file('payload'),
    output: file('update.img'),
    level: LEVEL,
    manifest: { minimumAgent: '0.1.0' },
    privatePems: KEY_NAMES.map((name) => readFileSync(file(`${name}.pem`), 'utf8')),
  });
  rmSync(file('payload'));
  rmSync(file('slot.img'));

  const source = await fileSource(file('update.img'));
  const head = await readHead(source);
  await source.close();
  const facts = {
    zstd: process.versions['zstd'],
    keys: keys.map(({ keyId }, index) => ({ name: KEY_NAMES[index], keyId })),
    bytes: updateFileBytes(head),
    sha256: sha256(readFileSync(file('update.img'))),
    manifestBytes: manifestBytes.length,
    manifestSha256: sha256(manifestBytes),
    payloadOffset: head.payloadOffset,
    imageBytes: image.length,
    imageSha256: sha256(image),
    chunks: chunkPlaces(head),
  };
  writeJson(file('facts.json'), facts);
  const [first] = keys;
  if (!first) {
    throw new RangeError('there are two keys');
  }
  const sign = (manifest: Buffer) => signManifest(manifest, first.key).signature;
  const update = readFileSync(file('update.img'));
  writeJson(file('cases.json'), vectorCases(update, head.payloadOffset, sign));
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

if (import.meta.main) {
  await makeVectors(process.argv[2] ?? import.meta.dirname);
}
