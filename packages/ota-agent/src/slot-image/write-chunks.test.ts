import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import {
  chunkPlaces,
  fileSource,
  manifestSchema,
  type SourceRange,
  type UpdateHead,
} from '@micro-linux/update-image';
import { compressImage } from '@micro-linux/update-image/write';
import { expect, it, onTestFinished } from 'vitest';
import { openDevice } from '../raw-device/open-device.ts';
import { type DeviceReader, PAGE_BYTES, type RawDevice } from '../raw-device/raw-device.ts';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { type WriteChunksOptions, writeChunks } from './write-chunks.ts';

/** More than fits into memory at once. */
const BYTES = 40 * MIB + 12_345;
const KEPT_BYTES = 14 * MIB;

/** An image in chunks of 1 MiB, its frames as a file, and a slot with other content. */
async function fixture(chunkBytes = MIB) {
  const directory = temporaryDirectory();
  const at = (name: string) => join(directory, name);
  const image = randomBytes(BYTES);
  writeFileSync(at('image'), image);
  writeFileSync(at('slot'), Buffer.alloc(BYTES + 3 * MIB, 1));
  const payload = await compressImage({
    image: at('image'),
    output: at('payload'),
    level: 1,
    chunkBytes,
  });
  const manifest = manifestSchema.parse({
    ...{ format: 'micro-linux-update', schema: 1, compatible: 'test', version: '1.0.0' },
    ...{ rollbackIndex: 0, architecture: 'x86_64', profile: 'test', buildId: 'test' },
    ...{ kernel: '1', image: payload },
  });
  const head: UpdateHead = {
    manifest,
    manifestBytes: Buffer.alloc(0),
    signatures: [],
    payloadOffset: 0,
  };
  const source = await fileSource(at('payload'));
  onTestFinished(() => source.close());
  const slot = await openDevice(at('slot'), { run, sysBlock: '/sys/class/block' });
  onTestFinished(() => slot.close());
  const noted: number[] = [];
  return {
    image,
    source,
    places: chunkPlaces(head),
    noted,
    found: () => readFileSync(at('slot')),
    write: (over: Partial<WriteChunksOptions> & { readonly device?: Partial<RawDevice> } = {}) =>
      writeChunks({
        source,
        head,
        slot: { ...slot, ...over.device },
        claimed: 0,
        note: (chunks) => noted.push(chunks),
        guard: { alive: () => undefined, signal: new AbortController().signal },
        onProgress: () => undefined,
        ...over,
      }),
    slot,
  };
}

it.each([
  [64 * 1024, 641],
  [MIB, 41],
  [16 * MIB, 3],
])(
  'writes and reads back all chunks of %i bytes, but holds back the first page',
  async (chunkBytes, chunks) => {
    const { write, found, image, noted } = await fixture(chunkBytes);
    const { firstPage, ...counts } = await write();
    expect(counts).toEqual({ written: chunks, alreadyThere: 0 });
    expect(firstPage.equals(image.subarray(0, PAGE_BYTES))).toBe(true);
    const bytes = found();
    expect(bytes.subarray(0, PAGE_BYTES).every((byte) => byte === 1)).toBe(true);
    expect(bytes.subarray(PAGE_BYTES, BYTES).equals(image.subarray(PAGE_BYTES))).toBe(true);
    expect(bytes.subarray(BYTES).every((byte) => byte === 1)).toBe(true);
    expect(noted.at(-1)).toBe(chunks);
  },
);

it('never writes further ahead of the read-back than memory allows, and reads only synced data', async () => {
  const { write, slot } = await fixture();
  let [written, synced, read, furthest] = [0, 0, 0, 0];
  await write({
    device: {
      async write(offset, data) {
        // Its first page is written last.
        written += data.length + (offset === PAGE_BYTES ? PAGE_BYTES : 0);
        furthest = Math.max(furthest, written - read);
        await slot.write(offset, data);
      },
      async sync() {
        const before = written;
        await slot.sync();
        synced = before;
      },
      async openReader() {
        const reader = await slot.openReader();
        return {
          ...reader,
          async read(offset, target) {
            const bytes = await reader.read(offset, target);
            // The read of a single page only checks whether the kernel accepts such memory.
            if (target.length > PAGE_BYTES) {
              expect(Math.min(offset + target.length, BYTES)).toBeLessThanOrEqual(synced);
              read += Math.min(target.length, BYTES - offset);
            }
            return bytes;
          },
        };
      },
    },
  });
  expect([written, read]).toEqual([BYTES, BYTES]);
  expect(furthest).toBeLessThanOrEqual(KEPT_BYTES);
});

it('stops soon after the disk returned other bytes', async () => {
  const { write, slot, noted } = await fixture();
  let written = 0;
  const lying = write({
    device: {
      async write(offset, data) {
        written += 1;
        const bad = Buffer.from(data);
        bad[5] = (bad[5] ?? 0) ^ (offset === 2 * MIB ? 1 : 0);
        await slot.write(offset, bad);
      },
    },
  });
  await expect(lying).rejects.toMatchObject({
    code: 'read-back-failed',
    why: expect.stringContaining('chunk 2 '),
  });
  expect(written).toBeLessThan(30);
  expect(noted.at(-1)).toBeLessThan(30);
});

it.each([
  ['write', 3],
  ['sync', 3],
  ['openReader', 1],
] as const)('stops when a %s fails', async (name, failingCall) => {
  const { write, slot } = await fixture();
  let calls = 0;
  const failing = write({
    device: {
      [name]: (...args: Parameters<RawDevice['write']>) => {
        calls += 1;
        return calls === failingCall
          ? Promise.reject(new Error(`${name} fails`))
          : slot[name](...args);
      },
    },
  });
  await expect(failing).rejects.toThrow(`${name} fails`);
});

it.each(['read', 'refresh'] as const)('stops when the reader’s %s fails', async (name) => {
  const { write, slot } = await fixture();
  let calls = 0;
  const failing = write({
    device: {
      async openReader() {
        const reader = await slot.openReader();
        const call = (...args: Parameters<DeviceReader['read']>): Promise<never> => {
          calls += 1;
          return (
            calls === 5 ? Promise.reject(new Error(`${name} fails`)) : reader[name](...args)
          ) as Promise<never>;
        };
        return { ...reader, [name]: call };
      },
    },
  });
  await expect(failing).rejects.toThrow(`${name} fails`);
});

it('can be stopped while everything waits for the disk', async () => {
  const { write } = await fixture();
  const controller = new AbortController();
  const stopped = write({
    guard: { alive: () => undefined, signal: controller.signal },
    device: {
      async sync() {
        controller.abort(new Error('stopped'));
      },
    },
  });
  await expect(stopped).rejects.toThrow('stopped');
});

it('rewrites only damaged chunks, wherever they are', async () => {
  const { write, found, image, slot } = await fixture();
  await write();
  await slot.write(20 * MIB + 7, Buffer.from('damage'));
  await slot.write(0, image.subarray(0, PAGE_BYTES));
  await slot.sync();
  const offsets: number[] = [];
  const result = await write({
    claimed: 41,
    device: {
      async write(offset, data) {
        offsets.push(offset);
        await slot.write(offset, data);
      },
    },
  });
  expect(result).toMatchObject({ written: 2, alreadyThere: 39 });
  expect(offsets.sort((a, b) => a - b)).toEqual([PAGE_BYTES, 20 * MIB]);
  expect(found().subarray(0, BYTES).equals(image)).toBe(true);
});

it('announces its reads to the source in order, and passes a signal to every read', async () => {
  const { write, source, places } = await fixture();
  await write();
  let hint: readonly SourceRange[] = [];
  const reads: SourceRange[] = [];
  const { signal } = new AbortController();
  await write({
    // Chunks 1 to 9 are in the slot already.
    claimed: 10,
    guard: { alive: () => undefined, signal },
    source: {
      ...source,
      willRead(ranges) {
        expect(reads).toEqual([]);
        hint = ranges;
      },
      readAt(offset, target, given) {
        expect(given).toBe(signal);
        reads.push({ offset, bytes: target.length });
        return source.readAt(offset, target, given);
      },
    },
  });
  expect(reads).toEqual(hint);
  expect(hint[1]?.offset).toBe(places[10]?.frameOffset);
  expect(hint).toHaveLength(1 + 16);
});

it('does not wait for a source that hangs after a cancellation', async () => {
  const { write, source } = await fixture();
  const controller = new AbortController();
  const reason = new Error('Ctrl-C');
  const writing = write({
    guard: { alive: () => undefined, signal: controller.signal },
    source: {
      ...source,
      readAt: (_offset, _target, signal) =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
          controller.abort(reason);
        }),
    },
  });
  await expect(writing).rejects.toBe(reason);
});
