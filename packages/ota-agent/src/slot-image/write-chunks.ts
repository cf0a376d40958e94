import { chunkPlaces, type UpdateHead } from '@micro-linux/update-image';
import { ioMemory } from '../raw-device/io-memory.ts';
import { PartWriter, type PartWriterOptions } from './part-writer.ts';
import { planWrites } from './plan-writes.ts';
import { READ_BEHIND_BYTES } from './read-behind.ts';
import { chunksThatHold } from './resume.ts';

export interface WriteChunksOptions
  extends Pick<PartWriterOptions, 'source' | 'slot' | 'note' | 'guard' | 'onProgress'> {
  readonly head: UpdateHead;
  /** Chunks that an earlier run claims to have written. */
  readonly claimed: number;
}

export interface ChunksWritten {
  /** The start of the image, which was not written yet: it comes last. */
  readonly firstPage: Buffer;
  readonly written: number;
  /** Number of chunks that were in the slot already. */
  readonly alreadyThere: number;
}

/**
 * Writes the image into the slot, part by part, except for its first 4 KiB, and reads it back. No
 * byte is written before the frame of its chunk was verified, and every byte is compared with what
 * the disk returns. Valid chunks of an earlier run, which are read and hashed first, are not
 * written again.
 *
 * @throws MicroLinuxError `chunk-corrupt`, `update-truncated`, `update-unreadable`,
 *   `slot-write-failed`, `slot-read-failed`, `read-back-failed`; the valid chunks up to then are
 *   recorded.
 */
export async function writeChunks(options: WriteChunksOptions): Promise<ChunksWritten> {
  const { head, slot, claimed, guard } = options;
  const places = chunkPlaces(head);
  const good = await chunksThatHold(slot, places, claimed, guard);
  const plan = planWrites(head.manifest.image, places, good);
  const reader = await slot.openReader();
  try {
    // One block, because V8 collects garbage for every large one.
    const memory = await ioMemory(reader, READ_BEHIND_BYTES + plan.contents * plan.contentBytes);
    const totalBytes = head.manifest.image.bytes;
    const writer = new PartWriter({ ...options, totalBytes, plan, good, reader, memory });
    const firstPage = await writer.run();
    return { firstPage, written: plan.chunks, alreadyThere: good.size };
  } finally {
    // A read that hangs must not delay the error of another read.
    void reader.close().catch(() => undefined);
  }
}
