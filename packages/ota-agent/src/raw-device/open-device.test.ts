import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { openDevice } from './open-device.ts';
import { pageBuffer } from './page-buffer.ts';

const options = { run, sysBlock: '/sys/class/block' };

/** A plain file in place of a partition. */
function slotFile(bytes: number): string {
  const path = join(temporaryDirectory(), 'slot');
  writeFileSync(path, Buffer.alloc(bytes, 1));
  return path;
}

it('writes at an offset and reads back from the disk', async () => {
  const path = slotFile(3 * 4096);
  const slot = await openDevice(path, options);
  expect(slot.bytes).toBe(3 * 4096);
  await slot.write(4000, Buffer.alloc(200, 2));
  await slot.sync();
  const reader = await slot.openReader();
  const target = pageBuffer(8192);
  expect(await reader.read(0, target)).toBe(8192);
  expect(target.equals(readFileSync(path).subarray(0, 8192))).toBe(true);
  expect([target[3999], target[4000], target[4199], target[4200]]).toEqual([1, 2, 2, 1]);
  await reader.close();
  await slot.close();
});

it('writes whole pages and odd pieces that overlap', async () => {
  const path = slotFile(4 * 4096);
  const slot = await openDevice(path, options);
  const pages = pageBuffer(2 * 4096);
  await slot.write(0, Buffer.alloc(3 * 4096, 3));
  await slot.write(4096, pages.fill(4));
  await slot.write(8000, Buffer.alloc(100, 5));
  // Whole pages at a page boundary that do not begin at one in memory.
  await slot.write(3 * 4096, Buffer.from(new ArrayBuffer(4097), 1).fill(6));
  await slot.sync();
  const expected = Buffer.alloc(4 * 4096, 3);
  expected
    .fill(4, 4096, 3 * 4096)
    .fill(5, 8000, 8100)
    .fill(6, 3 * 4096);
  expect(readFileSync(path).equals(expected)).toBe(true);
  await slot.close();
});

it('reads to the end of a slot whose length is not a multiple of a page', async () => {
  const slot = await openDevice(slotFile(4096 + 512), options);
  const reader = await slot.openReader();
  const target = pageBuffer(8192);
  expect(await reader.read(0, target)).toBe(4608);
  expect(await reader.read(8192, target)).toBe(0);
  await expect(reader.read(100, target)).rejects.toThrow(RangeError);
  await reader.close();
  await slot.close();
});

it('names the device that cannot be opened', async () => {
  await expect(openDevice('/dev/no-such-slot', options)).rejects.toMatchObject({
    code: 'slot-unopenable',
    details: { device: '/dev/no-such-slot' },
  });
});
