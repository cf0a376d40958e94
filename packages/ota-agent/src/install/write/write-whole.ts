import { SECTOR_BYTES } from '@micro-linux/core';
import { pageBuffer } from '../../raw-device/page-buffer.ts';
import { type RawDevice, wholePages } from '../../raw-device/raw-device.ts';
import { differs } from '../../slot-image/read-back.ts';
import type { ByteRange } from '../plan/steps.ts';

/** Hint for a disk that returns other bytes than were written. */
export const FAILING_DISK = 'the disk is failing: replace it';

/** Zeros are written in pieces of this many bytes. */
const PIECE_BYTES = 1 << 20;

/** Overwrites ranges with zeros. @throws MicroLinuxError `slot-write-failed`. */
export async function zero(device: RawDevice, ranges: readonly ByteRange[]): Promise<void> {
  const zeros = Buffer.alloc(PIECE_BYTES);
  for (const { offset, bytes } of ranges) {
    const end = Math.min(offset + bytes, device.bytes);
    for (let at = offset; at < end; at += PIECE_BYTES) {
      await device.write(at, zeros.subarray(0, Math.min(PIECE_BYTES, end - at)));
    }
  }
  await device.sync();
}

/**
 * Writes a few bytes at the beginning of a device and reads them back from the disk.
 *
 * @throws MicroLinuxError `read-back-failed`, `slot-write-failed`, `slot-read-failed`.
 */
export async function writeStart(device: RawDevice, content: Uint8Array): Promise<void> {
  await device.write(0, content);
  await device.sync();
  const pages = wholePages(content.length);
  const buffer = pageBuffer(pages);
  const reader = await device.openReader();
  try {
    await reader.read(0, buffer);
  } finally {
    await reader.close();
  }
  if (!buffer.subarray(0, content.length).equals(content)) {
    const sectors = Math.ceil(content.length / SECTOR_BYTES);
    throw differs(device.path, `the first ${sectors} sectors differ`, FAILING_DISK);
  }
}
