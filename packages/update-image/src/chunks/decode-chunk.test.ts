import { hash } from 'node:crypto';
import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noise, sampleImage } from '../../test/support/sample-image.ts';
import { thrownBy } from '../../test/support/thrown-by.ts';
import { compressChunk } from '../write/compress-chunk.ts';
import { SkippableMagic, skippableFrame } from '../zstd/skippable-frame.ts';
import type { ChunkPlace } from './chunk-places.ts';
import { decodeChunk } from './decode-chunk.ts';

const content = sampleImage(200_000);

function placeOf(frame: Buffer, of = content): ChunkPlace {
  return {
    index: 7,
    offset: 7 * of.length,
    bytes: of.length,
    frameOffset: 1000,
    frameBytes: frame.length,
    frameSha256: hash('sha256', frame),
    sha256: hash('sha256', of),
  };
}

async function refused(place: ChunkPlace, frame: Buffer): Promise<void> {
  const error = await thrownBy(() => decodeChunk(place, frame));
  expect(error).toMatchObject({ code: 'chunk-corrupt', exitCode: 1 });
  expect(error.details).toMatchObject({ chunk: 7, frameOffset: 1000 });
}

test('decodes a chunk of any compression level', async () => {
  for (const level of [1, 3, 9, 19]) {
    const frame = await compressChunk(content, level);
    expect((await decodeChunk(placeOf(frame), frame)).equals(content)).toBe(true);
  }
});

test('decodes any content of any length', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 2000 }), async (bytes) => {
      const frame = await compressChunk(Buffer.from(bytes), 9);
      const place = placeOf(frame, Buffer.from(bytes));
      expect((await decodeChunk(place, frame)).equals(bytes)).toBe(true);
    }),
  );
});

describe('a damaged frame is refused', () => {
  test('with any single bit flipped', async () => {
    const small = sampleImage(3000);
    const frame = await compressChunk(small, 9);
    const place = placeOf(frame, small);
    await fc.assert(
      fc.asyncProperty(fc.nat(frame.length - 1), fc.nat(7), async (at, bit) => {
        await refused(place, flipped(frame, at, bit));
      }),
      { numRuns: 300 },
    );
  });

  test('with missing or additional bytes', async () => {
    const frame = await compressChunk(content, 3);
    await refused(placeOf(frame), frame.subarray(0, -1));
    await refused(placeOf(frame), Buffer.concat([frame, Buffer.alloc(1)]));
  });

  test('that is complete, but not as long as the manifest says', async () => {
    const frame = await compressChunk(content, 3);
    await refused({ ...placeOf(frame), frameBytes: frame.length + 1 }, frame);
  });

  test('with other content of the same length', async () => {
    const other = Buffer.from(content);
    other.write('changed', 100_000);
    const frame = await compressChunk(other, 3);
    await refused(placeOf(await compressChunk(content, 3)), frame);
  });
});

test('the checksum detects a faulty decoder even if the frame has the right hash', async () => {
  // Stored uncompressed, so a flipped bit breaks no structure and only the checksum can detect it.
  const stored = noise('stored', 3000);
  const frame = await compressChunk(stored, 1);
  const erring = flipped(frame, 1500, 3);
  const error = await thrownBy(() => decodeChunk(placeOf(erring, stored), erring));
  expect(error).toMatchObject({ code: 'chunk-corrupt', why: expect.stringMatching(/checksum/i) });
});

function flipped(bytes: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}

describe('a frame that the format does not allow is refused', () => {
  test.each([
    ['with trailing garbage', (frame: Buffer) => Buffer.concat([frame, Buffer.alloc(10)])],
    ['with a second frame', (frame: Buffer) => Buffer.concat([frame, frame])],
    [
      'with an empty frame before it',
      (frame: Buffer) => Buffer.concat([zstdCompressSync(''), frame]),
    ],
    [
      'with a skippable frame after it',
      (frame: Buffer) =>
        Buffer.concat([frame, skippableFrame(SkippableMagic.manifest, Buffer.alloc(4))]),
    ],
  ])('%s', async (_name, forge) => {
    const forged = forge(await compressChunk(content, 3));
    await refused(placeOf(forged), forged);
  });

  test('without its length, or without a checksum', async () => {
    const both = { [constants.ZSTD_c_contentSizeFlag]: 1, [constants.ZSTD_c_checksumFlag]: 1 };
    for (const flag of [constants.ZSTD_c_contentSizeFlag, constants.ZSTD_c_checksumFlag]) {
      const frame = zstdCompressSync(content, { params: { ...both, [flag]: 0 } });
      await refused(placeOf(frame), frame);
    }
  });
});

describe('a frame that grows beyond its chunk is refused', () => {
  test('whether it states its true length or not', async () => {
    const checksum = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
    const bomb = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024), checksum);
    expect(bomb.length).toBeLessThan(10_000);
    await refused(placeOf(bomb), bomb);

    // Content size: 4 bytes after the 5 of magic and descriptor, as it is one segment.
    const lying = zstdCompressSync(noise('grows', 300_000), checksum);
    expect(lying.readUInt32LE(5)).toBe(300_000);
    lying.writeUInt32LE(content.length, 5);
    await refused(placeOf(lying), lying);
  });
});

test.each([
  [24, true],
  [25, false],
  [31, false],
])('a frame that needs a window of 2^%d bytes is accepted: %s', async (windowLog, taken) => {
  const small = noise('window', 3000);
  const plain = zstdCompressSync(small, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  // Magic, descriptor and two bytes of length; then the blocks. RFC 8878, 3.1.1.1.
  const blocks = plain.subarray(4 + 1 + 2);
  const head = Buffer.alloc(4 + 1 + 1 + 4);
  plain.copy(head, 0, 0, 4);
  // Content size in 4 bytes, an explicit window, a checksum.
  head.writeUInt8(0x84, 4);
  head.writeUInt8((windowLog - 10) << 3, 5);
  head.writeUInt32LE(small.length, 6);
  const frame = Buffer.concat([head, blocks]);
  if (taken) {
    expect((await decodeChunk(placeOf(frame, small), frame)).equals(small)).toBe(true);
  } else {
    const error = await thrownBy(() => decodeChunk(placeOf(frame, small), frame));
    expect(error).toMatchObject({ code: 'chunk-corrupt', why: expect.stringMatching(/window/) });
  }
});
