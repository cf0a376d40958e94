import { createHash } from 'node:crypto';
import { MicroLinuxError } from '@micro-linux/core';
import type { UpdateHead } from '@micro-linux/update-image';
import type { Guarded } from '../progress/stall-guard.ts';
import { pageBuffers } from '../target/page-buffers.ts';
import { readRange } from '../target/read-range.ts';
import { PAGE_BYTES, type SlotDevice } from '../target/slot-device.ts';

/**
 * Reads the slot back from the disk, past the page cache, and compares its SHA-256 with the signed
 * one. The first page is not on the disk yet and is taken from memory.
 *
 * @throws MicroLinuxError `read-back-failed`, `slot-read-failed`.
 */
export async function readBack(
  slot: SlotDevice,
  head: UpdateHead,
  firstPage: Buffer,
  guard: Guarded,
  onProgress: (doneBytes: number, totalBytes: number) => void,
): Promise<void> {
  const { bytes, sha256 } = head.manifest.image;
  const hash = createHash('sha256');
  const reader = await slot.openReader();
  try {
    const range = { start: 0, end: bytes, path: slot.path };
    await readRange(reader, range, guard, (piece, offset) => {
      if (offset === 0) {
        hash.update(firstPage).update(piece.subarray(firstPage.length));
      } else {
        hash.update(piece);
      }
      onProgress(offset + piece.length, bytes);
    });
  } finally {
    await reader.close();
  }
  const found = hash.digest('hex');
  if (found !== sha256) {
    throw readBackFailed(slot.path, `SHA-256 is ${found}, not ${sha256}`);
  }
}

/** The first page of a slot that nothing can load. */
export function blankPage(slotBytes: number): Buffer {
  return Buffer.alloc(Math.min(PAGE_BYTES, slotBytes));
}

/**
 * Makes the slot loadable: writes its first page and reads it back. If the disk does not give back
 * what was written, the page is wiped again.
 *
 * @throws MicroLinuxError `read-back-failed`, `slot-write-failed`, `slot-read-failed`.
 */
export async function expose(slot: SlotDevice, firstPage: Buffer): Promise<void> {
  try {
    await slot.write(0, firstPage);
    await slot.sync();
    const [page = Buffer.alloc(0)] = pageBuffers(1, PAGE_BYTES);
    const reader = await slot.openReader();
    try {
      await reader.read(0, page);
    } finally {
      await reader.close();
    }
    if (!page.subarray(0, firstPage.length).equals(firstPage)) {
      throw readBackFailed(slot.path, `its first ${firstPage.length} bytes differ`);
    }
  } catch (error) {
    await wipe(slot).catch(() => undefined);
    throw error;
  }
}

/** Makes the slot unloadable: GRUB and the kernel find an ext4 by these bytes. */
export async function wipe(slot: SlotDevice): Promise<void> {
  await slot.write(0, blankPage(slot.bytes));
  await slot.sync();
}

function readBackFailed(path: string, why: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'read-back-failed',
    message: `${path} does not hold what was written to it`,
    why,
    hint: 'the disk is failing: dmesg; the running system was not touched',
    details: { device: path },
  });
}
