import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIB, MicroLinuxError, run } from '@micro-linux/core';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { deviceError } from './device-error.ts';
import { openDeviceReader } from './device-reader.ts';
import { cut, ioMemory } from './io-memory.ts';
import type { DeviceReader } from './raw-device.ts';

async function readerOf(content: Buffer): Promise<DeviceReader> {
  const path = join(temporaryDirectory(), 'slot');
  writeFileSync(path, content);
  const reader = await openDeviceReader(path, run);
  onTestFinished(() => reader.close());
  return reader;
}

const refusing = (reader: DeviceReader, code: string): DeviceReader => ({
  ...reader,
  read: () =>
    Promise.reject(deviceError('slot-read-failed', 'a slot', Object.assign(new Error(), { code }))),
});

it('works with direct I/O at each of its pages', async () => {
  const content = Buffer.alloc(40 * MIB, 'some content');
  const reader = await readerOf(content);
  const memory = await ioMemory(reader, content.length);
  for (const [index, buffer] of cut(memory, 40, MIB).entries()) {
    expect(await reader.read(index * MIB, buffer)).toBe(MIB);
  }
  expect(memory.equals(content)).toBe(true);
});

// Needs its own worker: the C library maps no block if its heap has space for it.
it('is a block of the C library, unless the kernel refuses it', async () => {
  const reader = await readerOf(Buffer.alloc(MIB));
  const around = async (from: DeviceReader) => (await ioMemory(from, 40 * MIB)).buffer.byteLength;
  expect(await around(reader)).toBe(40 * MIB + 4080);
  expect(await around(refusing(reader, 'EINVAL'))).toBe(40 * MIB);
});

it('does not hide a disk failure', async () => {
  const reader = await readerOf(Buffer.alloc(MIB));
  await expect(ioMemory(refusing(reader, 'EIO'), MIB)).rejects.toBeInstanceOf(MicroLinuxError);
});
