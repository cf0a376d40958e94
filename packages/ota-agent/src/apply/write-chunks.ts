import {
  type ChunkPlace,
  chunkPlaces,
  decodeChunk,
  releaseBuffer,
  type UpdateHead,
  type UpdateSource,
} from '@micro-linux/update-image';
import type { Guarded } from '../progress/stall-guard.ts';
import { PAGE_BYTES, type SlotDevice } from '../target/slot-device.ts';
import { Checkpoints } from './checkpoints.ts';
import { readBehind } from './read-behind.ts';
import { chunksThatHold } from './resume.ts';

export interface WriteChunksOptions {
  readonly source: UpdateSource;
  readonly head: UpdateHead;
  readonly slot: SlotDevice;
  /** Chunks that an earlier run claims to have written. */
  readonly claimed: number;
  /** Called with how many chunks, from the first, are on the disk by now. */
  readonly keep: (chunks: number) => void;
  readonly guard: Guarded;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
}

export interface ChunksWritten {
  /** The beginning of the image, which was not written: it comes last. */
  readonly firstPage: Buffer;
  readonly written: number;
  /** Chunks that were there already. */
  readonly kept: number;
  /** SHA-256 of the whole image as the disk gave it back, in hex. */
  readonly sha256: string;
}

/** Chunks in flight: while one is decompressed, the next is read and the one before is written. */
const LANES = 3;

/**
 * Writes the image into the slot, chunk by chunk, all but its first 4 KiB, and reads it back. No byte
 * is written before the chunk it belongs to was hashed. Chunks of an earlier run that are still good
 * are left alone, but read back like all others.
 *
 * @throws MicroLinuxError `chunk-corrupt`, `update-truncated`, `update-unreadable`,
 *   `slot-write-failed`, `slot-read-failed`; what is good up to then is noted.
 */
export async function writeChunks(options: WriteChunksOptions): Promise<ChunksWritten> {
  const { source, head, slot, claimed, guard } = options;
  const places = chunkPlaces(head);
  const totalBytes = head.manifest.image.bytes;
  const good = await chunksThatHold(slot, places, claimed, guard);
  const wanted = places.filter(({ index }) => !good.has(index));

  let firstPage: Buffer = Buffer.alloc(0);
  const behind = readBehind(slot, head, () => firstPage, guard);
  const ledger = new Checkpoints({
    chunkBytes: head.manifest.image.chunkBytes,
    good,
    sync: () => slot.sync(),
    keep(chunks) {
      guard.signal.throwIfAborted();
      guard.alive();
      options.keep(chunks);
      behind.reached(chunks);
    },
  });
  let doneBytes = totalBytes - wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let next = 0;
  let failed = false;
  const inTurn = queue();
  const largestFrame = Math.max(0, ...wanted.map(({ frameBytes }) => frameBytes));

  async function lane(): Promise<void> {
    const frame = Buffer.allocUnsafeSlow(largestFrame);
    for (;;) {
      // Only forwards: standard input cannot do otherwise, and disks are fastest so.
      const place = await inTurn(async () => {
        const mine = failed || guard.signal.aborted ? undefined : wanted[next];
        next += 1;
        if (mine) {
          await source.readAt(mine.frameOffset, frame.subarray(0, mine.frameBytes));
        }
        return mine;
      });
      if (!place) {
        return;
      }
      const content = await decodeChunk(place, frame.subarray(0, place.frameBytes));
      // Not when another lane failed: what is good is worth keeping.
      if (guard.signal.aborted) {
        return;
      }
      await writeChunk(place, content);
      guard.alive();
      doneBytes += place.bytes;
      options.onProgress(doneBytes, totalBytes);
      ledger.written(place.index);
    }
  }

  async function writeChunk(place: ChunkPlace, content: Buffer): Promise<void> {
    const held = place.index === 0 ? Math.min(PAGE_BYTES, content.length) : 0;
    if (place.index === 0) {
      firstPage = Buffer.from(content.subarray(0, held));
    }
    if (held < content.length) {
      await slot.write(place.offset + held, content.subarray(held));
    }
    // Chunks come faster than the garbage collector.
    releaseBuffer(content);
  }

  const lanes = Array.from({ length: LANES }, () =>
    lane().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(lanes);
  guard.signal.throwIfAborted();
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  // On failure, too: what was good so far need not be fetched again.
  const checkpoint = ledger.last();
  if (failure) {
    await checkpoint.catch(() => undefined);
    throw failure.reason;
  }
  await checkpoint;
  return { firstPage, written: wanted.length, kept: good.size, sha256: await behind.hash() };
}

/** One at a time, in the order in which they asked. */
function queue(): <T>(action: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve();
  return (action) => {
    const result = tail.then(action);
    tail = result.catch(() => undefined);
    return result;
  };
}
