import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIB, MicroLinuxError, run } from '@micro-linux/core';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { ioBuffers } from './io-buffers.ts';
import type { SlotReader } from './slot-device.ts';
import { slotError } from './slot-error.ts';
import { openSlotReader } from './slot-reader.ts';

async function readerOf(content: Buffer): Promise<SlotReader> {
  const path = join(temporaryDirectory(), 'slot');
  writeFileSync(path, content);
  const reader = await openSlotReader(path, run);
  onTestFinished(() => reader.close());
  return reader;
}

it('are taken by direct I/O, all of them, and lie apart', async () => {
  const content = Buffer.alloc(3 * MIB, 'some content');
  const reader = await readerOf(content);
  const buffers = await ioBuffers(reader, 3, MIB);
  expect(buffers.map(({ length }) => length)).toEqual([MIB, MIB, MIB]);
  for (const [index, buffer] of buffers.entries()) {
    expect(await reader.read(index * MIB, buffer)).toBe(MIB);
  }
  expect(Buffer.concat(buffers).equals(content)).toBe(true);
});

it('are one block of the C library, unless the kernel refuses that', async () => {
  const reader = await readerOf(Buffer.alloc(MIB));
  const memoryOf = async (from: SlotReader) =>
    (await ioBuffers(from, 2, MIB))[0]?.buffer.byteLength;
  expect(await memoryOf(reader)).toBe(33 * MIB);
  const refused = slotError('read', 'a slot', Object.assign(new Error('no'), { code: 'EINVAL' }));
  expect(await memoryOf({ ...reader, read: () => Promise.reject(refused) })).toBe(2 * MIB);
});

it('do not hide that the disk fails', async () => {
  const reader = await readerOf(Buffer.alloc(MIB));
  const failed = slotError('read', 'a slot', Object.assign(new Error('no'), { code: 'EIO' }));
  const failing = ioBuffers({ ...reader, read: () => Promise.reject(failed) }, 1, MIB);
  await expect(failing).rejects.toBeInstanceOf(MicroLinuxError);
});
