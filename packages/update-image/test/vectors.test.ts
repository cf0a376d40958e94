import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { describe, expect, test } from 'vitest';
import { readVerifiedHead } from '../src/head/read-head.ts';
import {
  type ChunkPlace,
  chunkPlaces,
  fileSource,
  parsePublicKey,
  type UpdateSource,
} from '../src/index.ts';
import { pipeOf } from './support/buffer-source.ts';
import { readAll } from './support/read-all.ts';
import { scratchDirectory } from './support/scratch.ts';
import { thrownBy } from './support/thrown-by.ts';
import type { VectorCase } from './vectors/cases.ts';
import { KEY_NAMES, makeVectors } from './vectors/make.ts';

const vectors = join(import.meta.dirname, 'vectors');
const read = (name: string) => readFileSync(join(vectors, name));
const facts = JSON.parse(read('facts.json').toString());
const cases = JSON.parse(read('cases.json').toString()) as readonly VectorCase[];
const update = read('update.img');

test('the documented facts about the update are true', async () => {
  const source = await fileSource(join(vectors, 'update.img'));
  const { head, image } = await readAll(source);
  await source.close();
  expect(sha256(update)).toBe(facts.sha256);
  expect(update).toHaveLength(facts.bytes);
  expect(sha256(head.manifestBytes)).toBe(facts.manifestSha256);
  expect(sha256(image)).toBe(facts.imageSha256);
  expect(head.manifest.image.sha256).toBe(facts.imageSha256);
  expect(chunkPlaces(head)).toEqual(facts.chunks);
  expect(facts.keys.map(({ name }: { name: string }) => keyOf(name).keyId)).toEqual(
    facts.keys.map(({ keyId }: { keyId: string }) => keyId),
  );
});

test('the page about the format has the same facts', () => {
  const page = readFileSync(
    join(import.meta.dirname, '../../../docs/reference/update-format.md'),
    'utf8',
  );
  const { keys, sha256, manifestSha256, imageSha256 } = facts;
  const ofChunks = facts.chunks.flatMap((chunk: ChunkPlace) => [chunk.sha256, chunk.frameSha256]);
  const ids = keys.map(({ keyId }: { readonly keyId: string }) => keyId);
  for (const fact of [sha256, manifestSha256, imageSha256, ...ids, ...ofChunks]) {
    expect(page).toContain(fact);
  }
});

test('zstd decompresses it to the image', async () => {
  const output = join(scratchDirectory(), 'slot.img');
  await run('zstd', ['-dc', join(vectors, 'update.img')], { stdoutFile: output });
  expect(sha256(readFileSync(output))).toBe(facts.imageSha256);
});

describe('each case gives its documented result', () => {
  test.each(cases)(
    '$name: $result',
    async ({ edits, cutAt, trusted, revoked, threshold, result }) => {
      const bytes = edits.reduce(edited, update).subarray(0, cutAt ?? undefined);
      const source: UpdateSource = { ...pipeOf(bytes), size: bytes.length };
      const judge = async () => {
        await readVerifiedHead(source, {
          keys: trusted.map(keyOf),
          revoked: new Set(revoked.map((name) => keyOf(name).keyId)),
          threshold,
        });
        await readAll(pipeOf(bytes));
      };
      if (result === 'ok') {
        await judge();
      } else {
        expect((await thrownBy(judge)).code).toBe(result);
      }
    },
  );
});

test('rebuilding gives the same bytes with the same zstd, and the same image with any zstd', async () => {
  const directory = scratchDirectory();
  for (const name of KEY_NAMES) {
    cpSync(join(vectors, `${name}.pem`), join(directory, `${name}.pem`));
  }
  await makeVectors(directory);
  const again = JSON.parse(readFileSync(join(directory, 'facts.json'), 'utf8'));
  expect(again.imageSha256).toBe(facts.imageSha256);
  if (process.versions['zstd'] === facts.zstd) {
    expect(readFileSync(join(directory, 'update.img')).equals(update)).toBe(true);
    expect(again).toEqual(facts);
    expect(JSON.parse(readFileSync(join(directory, 'cases.json'), 'utf8'))).toEqual(cases);
  }
});

function edited(bytes: Buffer, { at, hex }: VectorCase['edits'][number]): Buffer {
  const added = Buffer.from(hex, 'hex');
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + added.length)]);
}

function keyOf(name: string) {
  return parsePublicKey(read(`${name}.pub.pem`).toString(), name);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
