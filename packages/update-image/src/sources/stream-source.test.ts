import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { pipeOf } from '../../test/support/buffer-source.ts';
import { noise } from '../../test/support/sample-image.ts';
import { thrownBy } from '../../test/support/thrown-by.ts';
import { streamSource } from './stream-source.ts';

const bytes = noise('stream', 1000);

test('reads forward and skips what is not requested', async () => {
  const source = pipeOf(bytes, 64);
  expect(source).toMatchObject({ size: undefined, seekable: false });
  for (const [offset, length] of [
    [0, 10],
    [10, 0],
    [10, 200],
    [700, 300],
  ] as const) {
    const target = Buffer.alloc(length);
    await source.readAt(offset, target);
    expect(target.equals(bytes.subarray(offset, offset + length))).toBe(true);
  }
});

test.each([true, false])(
  'what was read is given back or left alone: release %s',
  async (release) => {
    const pieces = [0, 1, 2].map((value) => Buffer.alloc(20_000, value));
    const stream = Readable.from(pieces, { objectMode: false });
    const source = streamSource(stream, 'pipe', { release });
    const target = Buffer.alloc(60_000);
    await source.readAt(0, target.subarray(0, 30_000));
    await source.readAt(30_000, target.subarray(30_000));
    expect([0, 19_999, 20_000, 40_000, 59_999].map((at) => target[at])).toEqual([0, 0, 1, 2, 2]);
    expect(pieces[0]?.length).toBe(release ? 0 : 20_000);
  },
);

test('cannot seek backward', async () => {
  const source = pipeOf(bytes);
  await source.readAt(500, Buffer.alloc(10));
  await expect(source.readAt(509, Buffer.alloc(1))).rejects.toThrow(RangeError);
});

test('a stream that ends early is truncated, in a read or in a skip', async () => {
  expect((await thrownBy(() => pipeOf(bytes).readAt(0, Buffer.alloc(1001)))).details).toEqual({
    bytes: 1000,
  });
  expect((await thrownBy(() => pipeOf(bytes).readAt(1001, Buffer.alloc(1)))).code).toBe(
    'update-truncated',
  );
});

test('a stream that fails is unreadable, with its own message as the reason', async () => {
  const broken = new Readable({
    read() {
      this.destroy(new Error('the cable was cut'));
    },
  });
  const error = await thrownBy(() => streamSource(broken, 'pipe').readAt(0, Buffer.alloc(1)));
  expect(error).toMatchObject({ code: 'update-unreadable', why: 'the cable was cut' });
});

test('closing ends the stream', async () => {
  const stream = Readable.from([bytes], { objectMode: false });
  await streamSource(stream, 'pipe').close();
  expect(stream.destroyed).toBe(true);
});
