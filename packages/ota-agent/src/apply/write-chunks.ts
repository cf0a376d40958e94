import { MIB } from '@micro-linux/core';
import {
  type ChunkPlace,
  chunkPlaces,
  decodeChunk,
  releaseBuffer,
  type UpdateHead,
  type UpdateSource,
} from '@micro-linux/update-image';
import pLimit from 'p-limit';
import type { Guarded } from '../progress/stall-guard.ts';
import { pagePool } from '../target/page-pool.ts';
import { PAGE_BYTES, type SlotDevice, wholePages } from '../target/slot-device.ts';
import { Checkpoints } from './checkpoints.ts';
import { readBehind, type WrittenChunk } from './read-behind.ts';
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
}

/** Chunks that are read, decompressed or hashed at once. */
const LANES = 3;
/** Chunks that are written at once. */
const WRITERS = 4;
/** All lanes together hold no more than this, however large the chunks of an update are. */
const LANE_BYTES = 16 * MIB;
/** What was written is kept in so much memory until the disk has given it back. */
const KEPT_BYTES = 12 * MIB;
/** After so many bytes what was written is synced, and then read back. */
const SYNC_BYTES = 4 * MIB;
/** After so many bytes what is on the disk is noted: about the most that is done twice. */
const NOTE_BYTES = 64 * MIB;

/**
 * Writes the image into the slot, chunk by chunk, all but its first 4 KiB, and reads it back. No byte
 * is written before the chunk it belongs to was hashed, and each is compared with what the disk gives
 * back. Chunks of an earlier run that are still good are left alone: they were read to know that.
 *
 * @throws MicroLinuxError `chunk-corrupt`, `update-truncated`, `update-unreadable`,
 *   `slot-write-failed`, `slot-read-failed`, `read-back-failed`; what is good up to then is noted.
 */
export async function writeChunks(options: WriteChunksOptions): Promise<ChunksWritten> {
  const { source, head, slot, claimed, guard } = options;
  const places = chunkPlaces(head);
  const { bytes: totalBytes, chunkBytes } = head.manifest.image;
  const good = await chunksThatHold(slot, places, claimed, guard);
  const wanted = places.filter(({ index }) => !good.has(index));

  const pool = pagePool(atLeastOne(KEPT_BYTES / chunkBytes), wholePages(chunkBytes));
  let proved = 0;
  const behind = readBehind({
    slot,
    guard,
    proved({ memory }) {
      proved += 1;
      pool.give(memory);
    },
    failed: pool.close,
  });
  const noteInterval = atLeastOne(NOTE_BYTES / chunkBytes);
  let noted = 0;
  let ending = false;
  const ledger = new Checkpoints({
    interval: atLeastOne(SYNC_BYTES / chunkBytes),
    good,
    sync: () => slot.sync(),
    synced(chunks) {
      guard.signal.throwIfAborted();
      guard.alive();
      behind.reached(chunks);
      if (ending || chunks - noted >= noteInterval) {
        noted = chunks;
        options.keep(chunks);
      }
    },
    failed: pool.close,
  });
  let firstPage: Buffer = Buffer.alloc(0);
  let doneBytes = totalBytes - wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let next = 0;
  const writers: Promise<void>[] = Array.from({ length: WRITERS }, () => Promise.resolve());
  const inTurn = pLimit(1);
  const largestFrame = Math.max(0, ...wanted.map(({ frameBytes }) => frameBytes));

  async function lane(): Promise<void> {
    const frame = Buffer.allocUnsafeSlow(largestFrame);
    for (;;) {
      // Only forwards: standard input cannot do otherwise, and disks are fastest so. In the same
      // order the chunks get their memory: it comes back when all before them are on the disk.
      const job = await inTurn(async () => {
        const place = wanted[next];
        const memory = place && (await pool.take());
        if (!memory) {
          return undefined;
        }
        next += 1;
        await source.readAt(place.frameOffset, frame.subarray(0, place.frameBytes));
        return { place, memory };
      });
      if (!job) {
        return;
      }
      const chunk = await decode(job.place, frame, job.memory);
      // Nobody waits for a write: disks let them stand while they read. Memory is what bounds them.
      const writer = chunk.place.index % WRITERS;
      const written = writers[writer]?.then(() => write(chunk)) ?? write(chunk);
      written.catch(pool.close);
      writers[writer] = written;
    }
  }

  async function decode(place: ChunkPlace, frame: Buffer, memory: Buffer): Promise<WrittenChunk> {
    const decoded = await decodeChunk(place, frame.subarray(0, place.frameBytes));
    const content = memory.subarray(0, place.bytes);
    decoded.copy(content);
    // Chunks come faster than the garbage collector.
    releaseBuffer(decoded);
    const held = place.index === 0 ? Math.min(PAGE_BYTES, place.bytes) : 0;
    if (place.index === 0) {
      firstPage = Buffer.from(content.subarray(0, held));
    }
    return { place, content, held, memory };
  }

  async function write(chunk: WrittenChunk): Promise<void> {
    // Not when only another chunk was bad: what is good is worth keeping.
    guard.signal.throwIfAborted();
    const { place, content, held } = chunk;
    if (held < content.length) {
      await slot.write(place.offset + held, content.subarray(held));
    }
    guard.alive();
    doneBytes += place.bytes;
    options.onProgress(doneBytes, totalBytes);
    behind.written(chunk);
    ledger.written(place.index);
  }

  guard.signal.addEventListener('abort', pool.close, { once: true });
  const lanes = Math.min(LANES, atLeastOne(LANE_BYTES / chunkBytes));
  const decoded = await Promise.allSettled(
    Array.from({ length: lanes }, () =>
      lane().catch((error: unknown) => {
        pool.close();
        throw error;
      }),
    ),
  );
  const outcomes = [...decoded, ...(await Promise.allSettled(writers))];
  guard.signal.throwIfAborted();
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  // On failure, too: what was good so far need not be fetched again.
  ending = true;
  const checkpoint = ledger.last();
  if (failure) {
    await checkpoint.catch(() => undefined);
    throw failure.reason;
  }
  await checkpoint;
  await behind.done();
  if (proved !== wanted.length) {
    throw new TypeError(`${proved} of ${wanted.length} chunks were read back`);
  }
  return { firstPage, written: wanted.length, kept: good.size };
}

const atLeastOne = (count: number) => Math.max(1, Math.floor(count));
