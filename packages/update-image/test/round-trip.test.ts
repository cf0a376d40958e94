import { createReadStream } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chunkPlaces,
  decodeChunk,
  decodeHead,
  encodeHead,
  fileSource,
  readHead,
  streamSource,
  updateFileBytes,
  verifyHead,
} from '../src/index.ts';
import { pipeOf } from './support/buffer-source.ts';
import { readAll } from './support/read-all.ts';
import { sampleUpdate, testKey, trusting } from './support/sample-update.ts';
import { scratchDirectory } from './support/scratch.ts';

describe('a written update', () => {
  test('reads from a file, with the image and the signature', async () => {
    const key = testKey();
    const update = await sampleUpdate(scratchDirectory(), [key]);
    const source = await fileSource(update.file);
    const { head, image } = await readAll(source);
    await source.close();
    expect(image.equals(update.image)).toBe(true);
    expect(verifyHead(head, trusting(key))).toEqual([key.keyId]);
    expect(updateFileBytes(head)).toBe(update.bytes.length);
  });

  test('reads from a pipe', async () => {
    const update = await sampleUpdate(scratchDirectory(), [testKey()]);
    const source = streamSource(createReadStream(update.file, { highWaterMark: 1000 }), 'pipe');
    const { image } = await readAll(source);
    await source.close();
    expect(image.equals(update.image)).toBe(true);
  });

  test('reads from a pipe in pieces of any size', async () => {
    const update = await sampleUpdate(scratchDirectory(), [testKey()], 70_000);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: update.bytes.length }), async (pieceBytes) => {
        const { image } = await readAll(pipeOf(update.bytes, pieceBytes));
        expect(image.equals(update.image)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('reads chunks in any order, several at once', async () => {
    const update = await sampleUpdate(scratchDirectory(), [testKey()], 1_000_000);
    const source = await fileSource(update.file);
    const places = [...chunkPlaces(await readHead(source))].reverse();
    await Promise.all(
      places.map(async (place) => {
        const frame = Buffer.alloc(place.frameBytes);
        await source.readAt(place.frameOffset, frame);
        const content = await decodeChunk(place, frame);
        expect(
          content.equals(update.image.subarray(place.offset, place.offset + place.bytes)),
        ).toBe(true);
      }),
    );
    await source.close();
    expect(places).toHaveLength(16);
  });

  test.each([1, 65_535, 65_536, 65_537, 131_072])('may have %i bytes', async (imageBytes) => {
    const update = await sampleUpdate(scratchDirectory(), [testKey()], imageBytes);
    const source = await fileSource(update.file);
    const { image } = await readAll(source);
    await source.close();
    expect(image.equals(update.image)).toBe(true);
  });

  test('has a head that can be stored separately and read again', async () => {
    const update = await sampleUpdate(scratchDirectory(), [testKey(), testKey()]);
    const source = await fileSource(update.file);
    const head = await readHead(source);
    await source.close();
    const kept = encodeHead(head);
    expect(kept.equals(update.bytes.subarray(0, head.payloadOffset))).toBe(true);
    expect(decodeHead(kept)).toEqual(head);
  });
});
