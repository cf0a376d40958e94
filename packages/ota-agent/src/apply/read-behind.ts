import { MIB } from '@micro-linux/core';
import type { ChunkPlace } from '@micro-linux/update-image';
import pLimit from 'p-limit';
import type { Guarded } from '../progress/stall-guard.ts';
import { pageBuffers } from '../target/page-buffers.ts';
import { type SlotDevice, type SlotReader, wholePages } from '../target/slot-device.ts';
import { slotError } from '../target/slot-error.ts';
import { differs } from './read-back.ts';

/** A chunk that was written, as it was decompressed. */
export interface WrittenChunk {
  readonly place: ChunkPlace;
  readonly content: Buffer;
  /** So many bytes of its beginning are not on the disk yet. */
  readonly held: number;
  /** What `content` lies in. */
  readonly memory: Buffer;
}

export interface ReadBehindOptions {
  readonly slot: SlotDevice;
  readonly guard: Guarded;
  /** Called when the disk has given back a chunk as it was written: nobody needs it any more. */
  readonly proved: (chunk: WrittenChunk) => void;
  /** Called when the disk did not, or could not be read; `done` tells why. */
  readonly failed: () => void;
}

export interface ReadBehind {
  /** A chunk was handed to the disk; its content must stay as it is until it is proved. */
  written(chunk: WrittenChunk): void;
  /** So many chunks, from the first, are on the disk by now: they can be read back. */
  reached(chunks: number): void;
  /**
   * Waits until all that was reached has been read.
   *
   * @throws MicroLinuxError `read-back-failed`, `slot-read-failed`.
   */
  done(): Promise<void>;
}

/** Reads that the disk is given at once. */
const READERS = 2;
const PIECE_BYTES = MIB;

/**
 * Reads a slot back from the disk, past the page cache, behind those who write it, and compares it
 * byte by byte with the chunks as they were decompressed, which are kept in memory that long. So the
 * read-back costs hardly any time of its own, and no second hash.
 */
export function readBehind({ slot, guard, proved, failed }: ReadBehindOptions): ReadBehind {
  const waiting = new Map<number, WrittenChunk>();
  const limit = pLimit({ concurrency: READERS, rejectOnClear: true });
  const buffers = [...pageBuffers(READERS, PIECE_BYTES)];
  let work = Promise.resolve();

  async function prove(reader: SlotReader, chunk: WrittenChunk): Promise<void> {
    const { place, content, held } = chunk;
    const buffer = buffers.pop();
    if (!buffer) {
      throw new TypeError('there is a buffer for each of the readers');
    }
    try {
      for (let from = 0; from < place.bytes; from += PIECE_BYTES) {
        guard.signal.throwIfAborted();
        const bytes = Math.min(PIECE_BYTES, place.bytes - from);
        const at = place.offset + from;
        if ((await reader.read(at, buffer.subarray(0, wholePages(bytes)))) < bytes) {
          throw slotError('read', slot.path, new Error(`it ends before byte ${at + bytes}`));
        }
        guard.alive();
        const unread = Math.max(0, held - from);
        if (!buffer.subarray(unread, bytes).equals(content.subarray(from + unread, from + bytes))) {
          const why = `chunk ${place.index} differs between bytes ${at + unread} and ${at + bytes}`;
          throw differs(slot.path, why);
        }
      }
    } finally {
      buffers.push(buffer);
    }
    proved(chunk);
  }

  async function proveAll(chunks: readonly WrittenChunk[]): Promise<void> {
    // One for each part: it must not remember what the disk held before that part was synced.
    const reader = await slot.openReader();
    try {
      await Promise.all(chunks.map((chunk) => limit(() => prove(reader, chunk))));
    } finally {
      await reader.close();
    }
  }

  return {
    written(chunk) {
      waiting.set(chunk.place.index, chunk);
    },
    reached(chunks) {
      const there = [...waiting.values()]
        .filter(({ place }) => place.index < chunks)
        .sort((a, b) => a.place.index - b.place.index);
      for (const { place } of there) {
        waiting.delete(place.index);
      }
      if (there.length === 0) {
        return;
      }
      const part = proveAll(there);
      work = Promise.all([work, part]).then(() => undefined);
      // Whoever waits for the end meets the error.
      work.catch(() => {
        limit.clearQueue();
        failed();
      });
    },
    done: () => work,
  };
}
