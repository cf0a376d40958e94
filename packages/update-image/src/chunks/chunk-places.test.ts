import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Limit, manifestSchema } from '../manifest.ts';
import { manifestFor } from '../testing.ts';
import { maxFrameBytes } from '../zstd/frame-bound.ts';
import { chunkPlaces, payloadBytes, seekTableOf, updateFileBytes } from './chunk-places.ts';

const sha256 = '0'.repeat(64);

/** Images of up to 40 chunks of every valid length. */
const images = fc
  .record({
    chunkBytes: fc
      .integer({ min: Math.log2(Limit.minChunkBytes), max: Math.log2(Limit.maxChunkBytes) })
      .map((log) => 2 ** log),
    chunks: fc.integer({ min: 1, max: 40 }),
    last: fc.double({ min: 0, max: 1, noNaN: true }),
    sizes: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ chunkBytes, chunks, last, sizes }) => {
    const bytes = (chunks - 1) * chunkBytes + Math.max(1, Math.round(last * chunkBytes));
    const most = maxFrameBytes(Math.min(chunkBytes, bytes));
    return {
      bytes,
      sha256,
      chunkBytes,
      chunks: Array.from({ length: chunks }, () => ({
        frameBytes: 1 + Math.round((sizes.next().value ?? 0) * (most - 1)),
        frameSha256: sha256,
        sha256,
      })),
    };
  });

test('chunks cover the image and the file without gaps, and the seek table ends the file', () => {
  fc.assert(
    fc.property(images, fc.nat(1_000_000), (image, offset) => {
      const manifest = manifestSchema.parse(manifestFor(image));
      const manifestBytes = Buffer.alloc(100);
      const payloadOffset = 200 + offset;
      const head = { manifest, manifestBytes, payloadOffset };
      let [inImage, inFile] = [0, payloadOffset];
      for (const place of chunkPlaces(head)) {
        expect(place).toMatchObject({ offset: inImage, frameOffset: inFile });
        expect(place.bytes).toBeGreaterThan(0);
        expect(place.bytes).toBeLessThanOrEqual(image.chunkBytes);
        inImage += place.bytes;
        inFile += place.frameBytes;
      }
      expect(inImage).toBe(image.bytes);
      expect(inFile).toBe(payloadOffset + payloadBytes(manifest));
      expect(updateFileBytes(head)).toBe(inFile + seekTableOf(head).length);
    }),
  );
});

test('the seek table lists every frame before it, in zstd’s seekable format', () => {
  const image = {
    bytes: 65_537,
    sha256,
    chunkBytes: 65_536,
    chunks: [
      { frameBytes: 300, frameSha256: sha256, sha256 },
      { frameBytes: 11, frameSha256: sha256, sha256 },
    ],
  };
  const head = {
    manifest: manifestSchema.parse(manifestFor(image)),
    manifestBytes: Buffer.alloc(0x50),
    payloadOffset: 0x50 + 8 + 0x20,
  };
  const words = [
    ...['5e2a4d18', '29000000'],
    ...['58000000', '00000000'],
    ...['20000000', '00000000'],
    ...['2c010000', '00000100'],
    ...['0b000000', '01000000'],
    ...['04000000', '00', 'b1ea928f'],
  ];
  expect(seekTableOf(head).toString('hex')).toBe(words.join(''));
});
