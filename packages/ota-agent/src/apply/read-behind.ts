import { createHash } from 'node:crypto';
import type { UpdateHead } from '@micro-linux/update-image';
import type { Guarded } from '../progress/stall-guard.ts';
import { rangeBuffers, readRange } from '../target/read-range.ts';
import type { SlotDevice } from '../target/slot-device.ts';

export interface ReadBehind {
  /** So many chunks, from the first, are on the disk by now: they can be read back. */
  reached(chunks: number): void;
  /**
   * Waits until all that was reached has been read.
   *
   * @returns SHA-256 of it, in hex.
   */
  hash(): Promise<string>;
}

/**
 * Reads a slot back from the disk, past the page cache, behind those who write it: whatever was
 * synced is read and hashed while the next part is still being decompressed and written. So the
 * read-back costs hardly any time of its own.
 *
 * @param firstPage gives the beginning of the image, which is not on the disk yet.
 */
export function readBehind(
  slot: SlotDevice,
  head: UpdateHead,
  firstPage: () => Buffer,
  guard: Guarded,
): ReadBehind {
  const { bytes, chunkBytes } = head.manifest.image;
  const hash = createHash('sha256');
  const buffers = rangeBuffers();
  let planned = 0;
  let work = Promise.resolve();

  async function read(start: number, end: number): Promise<void> {
    // One for each part: it must not remember what the disk held before that part was synced.
    const reader = await slot.openReader();
    try {
      await readRange(reader, { start, end, path: slot.path }, guard, take, buffers);
    } finally {
      await reader.close();
    }
  }

  function take(piece: Buffer, offset: number): void {
    if (offset === 0) {
      const page = firstPage();
      hash.update(page).update(piece.subarray(page.length));
    } else {
      hash.update(piece);
    }
  }

  return {
    reached(chunks) {
      const [start, end] = [planned, Math.min(bytes, chunks * chunkBytes)];
      planned = end;
      work = work.then(() => (start < end ? read(start, end) : undefined));
      // Whoever waits for the hash meets the error.
      work.catch(() => undefined);
    },
    async hash() {
      await work;
      return hash.digest('hex');
    },
  };
}
