import { MIB } from '@micro-linux/core';
import { chunkPlaces, type UpdateHead, type UpdateSource } from '@micro-linux/update-image';
import pLimit from 'p-limit';
import type { Guarded } from '../progress/stall-guard.ts';
import { bufferPool } from '../raw-device/buffer-pool.ts';
import { cut, ioMemory } from '../raw-device/io-memory.ts';
import { PAGE_BYTES, type RawDevice, wholePages } from '../raw-device/raw-device.ts';
import { Checkpoints } from './checkpoints.ts';
import { decodePart } from './decode-part.ts';
import { type ImagePart, imageParts } from './image-parts.ts';
import { READ_BEHIND_BYTES, readBehind, type WrittenPart } from './read-behind.ts';
import { chunksThatHold } from './resume.ts';

export interface WriteChunksOptions {
  readonly source: UpdateSource;
  readonly head: UpdateHead;
  readonly slot: RawDevice;
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

/** So many chunks are read, written and read back in one go, as long as these are not long themselves. */
const PART_CHUNKS = 2;
const PART_BYTES = 2 * MIB;
/** Chunks that are decompressed at once, and parts whose frames are in memory. */
const LANES = 3;
/** All lanes together hold no more than this, however large the chunks of an update are. */
const LANE_BYTES = 16 * MIB;
/** Parts that are written at once. */
const WRITERS = 2;
/** What was decompressed is kept in so much memory until the disk has given it back. */
const KEPT_BYTES = 14 * MIB;
/** After so many bytes what was written is synced, and then read back. */
const SYNC_BYTES = 4 * MIB;
/** After so many bytes what is on the disk is noted: about the most that is done twice. */
const NOTE_BYTES = 64 * MIB;

/**
 * Writes the image into the slot, part by part, all but its first 4 KiB, and reads it back. No byte
 * is written before the frame of its chunk was hashed, and each is compared with what the disk gives
 * back. Chunks of an earlier run that are still good are left alone: they were read to know that.
 *
 * @throws MicroLinuxError `chunk-corrupt`, `update-truncated`, `update-unreadable`,
 *   `slot-write-failed`, `slot-read-failed`, `read-back-failed`; what is good up to then is noted.
 */
export async function writeChunks(options: WriteChunksOptions): Promise<ChunksWritten> {
  const { source, head, slot, claimed, guard } = options;
  const { bytes: totalBytes, chunkBytes } = head.manifest.image;
  const places = chunkPlaces(head);
  const good = await chunksThatHold(slot, places, claimed, guard);
  const wanted = places.filter(({ index }) => !good.has(index));
  const parts = imageParts(wanted, Math.min(PART_CHUNKS, atLeastOne(PART_BYTES / chunkBytes)));
  const longest = (key: 'bytes' | 'frameBytes') => Math.max(...parts.map((part) => part[key]));
  const partBytes = wholePages(longest('bytes'));
  const lanes = Math.min(LANES, atLeastOne(LANE_BYTES / chunkBytes));

  const reader = await slot.openReader();
  try {
    const keptParts = atLeastOne(KEPT_BYTES / partBytes);
    // One block: V8 collects garbage for every large one.
    const memory = await ioMemory(reader, READ_BEHIND_BYTES + keptParts * partBytes);
    const kept = bufferPool(cut(memory.subarray(READ_BEHIND_BYTES), keptParts, partBytes));
    const frames = bufferPool(
      Array.from({ length: lanes }, () => Buffer.allocUnsafeSlow(longest('frameBytes'))),
    );
    const stop = () => {
      kept.close();
      frames.close();
    };
    let proved = 0;
    const behind = readBehind({
      reader,
      memory,
      path: slot.path,
      guard,
      proved({ part, memory }) {
        proved += part.chunks.length;
        kept.give(memory);
      },
      failed: stop,
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
      failed: stop,
    });
    let firstPage: Buffer = Buffer.alloc(0);
    let doneBytes = totalBytes - wanted.reduce((sum, { bytes }) => sum + bytes, 0);
    const decoders = pLimit(lanes);
    const writers = pLimit(WRITERS);

    async function bring(part: ImagePart, frame: Buffer, memory: Buffer): Promise<void> {
      const content = await decodePart(part, frame, memory, decoders);
      frames.give(frame);
      const held = part.offset === 0 ? Math.min(PAGE_BYTES, part.bytes) : 0;
      if (held > 0) {
        firstPage = Buffer.from(content.subarray(0, held));
      }
      await writers(() => write({ part, content, held, memory }));
    }

    async function write(written: WrittenPart): Promise<void> {
      // Not when only another part was bad: what is good is worth keeping.
      guard.signal.throwIfAborted();
      const { part, content, held } = written;
      if (held < content.length) {
        await slot.write(part.offset + held, content.subarray(held));
      }
      guard.alive();
      doneBytes += part.bytes;
      options.onProgress(doneBytes, totalBytes);
      behind.written(written);
      ledger.written(part.chunks.map(({ index }) => index));
    }

    const brought: Promise<void>[] = [];
    async function readAll(): Promise<void> {
      // Only forwards: standard input cannot do otherwise, and disks are fastest so. In the same
      // order the parts get their memory: it comes back when all before them are on the disk.
      for (const part of parts) {
        const memory = await kept.take();
        const frame = await frames.take();
        if (!memory || !frame) {
          return;
        }
        await source.readAt(part.frameOffset, frame.subarray(0, part.frameBytes));
        // Nobody waits for a write: disks let them stand while they read. Memory is what bounds them.
        const bringing = bring(part, frame, memory);
        bringing.catch(stop);
        brought.push(bringing);
      }
    }

    guard.signal.addEventListener('abort', stop, { once: true });
    const outcomes = await Promise.allSettled([readAll()]);
    outcomes.push(...(await Promise.allSettled(brought)));
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
  } finally {
    // A read that the disk does not answer must not keep the error of another from being told.
    void reader.close().catch(() => undefined);
  }
}

const atLeastOne = (count: number) => Math.max(1, Math.floor(count));
