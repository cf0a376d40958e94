import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { run } from '@micro-linux/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noise, sampleImage } from '../../test/support/sample-image.ts';
import { scratchDirectory } from '../../test/support/scratch.ts';
import { maxFrameBytes } from './frame-bound.ts';
import { frameShape } from './frame-shape.ts';

test.each([
  ['as it is', [], { contentBytes: 300_000, hasChecksum: true }],
  ['without a checksum', ['--no-check'], { contentBytes: 300_000, hasChecksum: false }],
  ['without its length', ['--no-content-size'], { contentBytes: undefined, hasChecksum: true }],
  ['at level 19', ['-19'], { contentBytes: 300_000, hasChecksum: true }],
])('parses a frame of the zstd program %s', async (_name, options, shape) => {
  const file = join(scratchDirectory(), 'content');
  writeFileSync(file, sampleImage(300_000));
  await run('zstd', ['-q', ...options, file, '-o', `${file}.zst`]);
  const frame = readFileSync(`${file}.zst`);
  const expected = { ...shape, frameBytes: frame.length };
  expect(frameShape(frame)).toMatchObject(expected);
  expect(frameShape(Buffer.concat([frame, frame]))).toMatchObject(expected);
});

test('detects a frame with a dictionary', async () => {
  const directory = scratchDirectory();
  const file = (name: string) => join(directory, name);
  const samples = Array.from({ length: 200 }, (_, index) => file(`sample-${index}`));
  for (const [index, path] of samples.entries()) {
    writeFileSync(path, `entry ${index}: ${noise(`${index}`, 20).toString('hex')} and so on\n`);
  }
  await run('zstd', ['-q', '--train', ...samples, '-o', file('dictionary')]);
  await run('zstd', ['-q', '-D', file('dictionary'), file('sample-1'), '-o', file('frame')]);
  const frame = readFileSync(file('frame'));
  expect(frameShape(frame)).toMatchObject({ frameBytes: frame.length, contentBytes: 60 });
});

test('finds the length of any content, in a frame within the bound', () => {
  const lengths = fc.oneof(
    fc.integer({ min: 0, max: 1000 }),
    fc.integer({ min: 0, max: 300_000 }),
    fc.constantFrom(255, 256, 65_535, 65_536, 65_791, 65_792, 131_072, 1_048_576),
  );
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 6 }), fc.string(), (length, level, seed) => {
      const frame = zstdCompressSync(noise(seed, length), {
        params: { [constants.ZSTD_c_compressionLevel]: level },
      });
      expect(frame.length).toBeLessThanOrEqual(maxFrameBytes(length));
      expect(frameShape(frame)).toMatchObject({ frameBytes: frame.length, contentBytes: length });
    }),
    { numRuns: 60 },
  );
});

test('rejects a frame that is cut anywhere', () => {
  const frame = zstdCompressSync(sampleImage(150_000));
  for (let length = 0; length < frame.length; length += length < 30 ? 1 : 97) {
    expect(frameShape(frame.subarray(0, length)), `${length}`).toBeUndefined();
  }
});

test('rejects a block of the reserved type', () => {
  const header = '28b52ffd2000';
  expect(frameShape(Buffer.from(`${header}010000`, 'hex'))).toBeDefined();
  expect(frameShape(Buffer.from(`${header}070000`, 'hex'))).toBeUndefined();
});

test('never throws, whatever the bytes', () => {
  const magic = Buffer.from('28b52ffd', 'hex');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const shape = frameShape(Buffer.concat([magic, bytes]));
      expect(shape?.frameBytes ?? 0).toBeLessThanOrEqual(magic.length + bytes.length);
    }),
    { numRuns: 1000 },
  );
});
