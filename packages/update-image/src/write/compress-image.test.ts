import { createHash, hash } from 'node:crypto';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filesIn } from '../../test/support/files-in.ts';
import { sampleImage } from '../../test/support/sample-image.ts';
import { scratchDirectory } from '../../test/support/scratch.ts';
import { thrownBy } from '../../test/support/thrown-by.ts';
import { CHUNK_BYTES } from '../testing.ts';
import { frameShape } from '../zstd/frame-shape.ts';
import { type CompressOptions, compressImage } from './compress-image.ts';

function setUp(image = sampleImage(1_000_000)) {
  const directory = scratchDirectory();
  const imageFile = join(directory, 'slot.img');
  const output = join(directory, 'payload');
  writeFileSync(imageFile, image);
  const compress = (options: Partial<CompressOptions> = {}) =>
    compressImage({ image: imageFile, output, level: 3, chunkBytes: CHUNK_BYTES, ...options });
  return { directory, image, imageFile, output, compress };
}

test('reports what it wrote: one frame for each chunk, in order', async () => {
  const { image, output, compress } = setUp();
  const payload = await compress();
  const written = readFileSync(output);
  expect(payload).toMatchObject({
    bytes: image.length,
    chunkBytes: CHUNK_BYTES,
    sha256: createHash('sha256').update(image).digest('hex'),
  });
  expect(payload.chunks).toHaveLength(16);
  let offset = 0;
  for (const [index, { frameBytes, frameSha256, sha256 }] of payload.chunks.entries()) {
    const content = image.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
    expect(frameShape(written.subarray(offset))).toEqual({
      frameBytes,
      contentBytes: content.length,
      hasChecksum: true,
      windowBytes: content.length,
    });
    expect(sha256).toBe(hash('sha256', content));
    expect(frameSha256).toBe(hash('sha256', written.subarray(offset, offset + frameBytes)));
    offset += frameBytes;
  }
  expect(written).toHaveLength(offset);
});

test('writes the same bytes for any number of concurrent chunks', async () => {
  const { output, compress } = setUp();
  const alone = await compress({ concurrency: 1 });
  const expected = readFileSync(output);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (concurrency) => {
      expect(await compress({ concurrency })).toEqual(alone);
      expect(readFileSync(output).equals(expected)).toBe(true);
    }),
    { numRuns: 12 },
  );
});

test('reports progress up to the end', async () => {
  const { image, compress } = setUp();
  const told: number[] = [];
  await compress({
    onProgress: (done, total) => {
      expect(total).toBe(image.length);
      told.push(done);
    },
  });
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(told).toHaveLength(16);
  expect(told.at(-1)).toBe(image.length);
});

describe('a failure leaves the output unchanged and no other file', () => {
  async function expectUntouched(
    attempt: (set: ReturnType<typeof setUp>) => Promise<unknown>,
    image?: Buffer,
  ) {
    const set = setUp(image);
    writeFileSync(set.output, 'of before');
    const error = await thrownBy(() => attempt(set));
    expect(readFileSync(set.output, 'utf8')).toBe('of before');
    expect(filesIn(set.directory)).toEqual(['payload', 'slot.img']);
    return error;
  }

  test('cancelled before the start', async () => {
    const error = await expectUntouched(({ compress }) =>
      compress({ signal: AbortSignal.abort() }),
    );
    expect(error).toMatchObject({ code: 'cancelled', exitCode: 130 });
  });

  test.each([1, 5, 16])('cancelled after %i chunks', async (count) => {
    const controller = new AbortController();
    let done = 0;
    const error = await expectUntouched(({ compress }) =>
      compress({
        signal: controller.signal,
        onProgress: () => {
          done += 1;
          if (done === count) {
            controller.abort();
          }
        },
      }),
    );
    expect(error.code).toBe('cancelled');
  });

  test('the image became shorter', async () => {
    const error = await expectUntouched(({ compress, imageFile }) =>
      compress({ concurrency: 1, onProgress: () => truncateSync(imageFile, 100_000) }),
    );
    expect(error.code).toBe('image-invalid');
  });

  test('the image is empty', async () => {
    const error = await expectUntouched(({ compress }) => compress(), Buffer.alloc(0));
    expect(error.code).toBe('image-invalid');
  });

  test('there is no image, or it is a directory', async () => {
    for (const image of ['missing', '.']) {
      const error = await expectUntouched(({ compress, directory }) =>
        compress({ image: join(directory, image) }),
      );
      expect(error.code).toBe('image-unreadable');
    }
  });

  test('the output cannot be written', async () => {
    const { directory, compress } = setUp();
    const missing = join(directory, 'missing', 'payload');
    expect((await thrownBy(() => compress({ output: missing }))).code).toBe('update-unwritable');
    mkdirSync(join(directory, 'taken'));
    const taken = await thrownBy(() => compress({ output: join(directory, 'taken') }));
    expect(taken.code).toBe('update-unwritable');
    expect(filesIn(directory)).toEqual(['slot.img', 'taken']);
  });
});

test.each([
  { chunkBytes: 32 * 1024 },
  { chunkBytes: 100_000 },
  { chunkBytes: 32 * 1024 * 1024 },
  { concurrency: 0 },
  { concurrency: 1.5 },
  { level: 0 },
  { level: 23 },
])('numbers that make no sense are refused: %o', async (options) => {
  const { compress } = setUp(Buffer.alloc(10));
  await expect(compress(options)).rejects.toThrow(RangeError);
});
