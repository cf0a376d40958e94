import type { ChunkPlace } from '@micro-linux/update-image';
import type { Guarded } from '../progress/stall-guard.ts';
import { rangeBuffers, readRange } from '../target/read-range.ts';
import type { SlotDevice } from '../target/slot-device.ts';
import { differs } from './read-back.ts';

/** A chunk that was written, as it was when it was hashed. */
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

/**
 * Reads a slot back from the disk, past the page cache, behind those who write it, and compares it
 * byte by byte with the chunks that were hashed, which are kept in memory that long. So the
 * read-back costs hardly any time of its own, and no second hash.
 */
export function readBehind({ slot, guard, proved, failed }: ReadBehindOptions): ReadBehind {
  const waiting = new Map<number, WrittenChunk>();
  const buffers = rangeBuffers();
  let work = Promise.resolve();

  /** Chunks without a gap between them. */
  async function prove(chunks: readonly WrittenChunk[]): Promise<void> {
    const [first, last] = [chunks[0], chunks.at(-1)];
    if (!first || !last) {
      return;
    }
    const left = chunks.values();
    let chunk: WrittenChunk | undefined = first;
    const compare = (piece: Buffer, offset: number) => {
      const pieceEnd = offset + piece.length;
      while (chunk && chunk.place.offset < pieceEnd) {
        expectSame(chunk, piece, offset);
        if (chunk.place.offset + chunk.place.bytes > pieceEnd) {
          return;
        }
        proved(chunk);
        chunk = left.next().value;
      }
    };
    left.next();
    const start = first.place.offset;
    const end = last.place.offset + last.place.bytes;
    // One for each part: it must not remember what the disk held before that part was synced.
    const reader = await slot.openReader();
    try {
      await readRange(reader, { start, end, path: slot.path }, guard, compare, buffers);
    } finally {
      await reader.close();
    }
  }

  function expectSame({ place, content, held }: WrittenChunk, piece: Buffer, offset: number) {
    const from = Math.max(offset, place.offset + held);
    const to = Math.min(offset + piece.length, place.offset + place.bytes);
    const wanted = content.subarray(from - place.offset, to - place.offset);
    if (from < to && !piece.subarray(from - offset, to - offset).equals(wanted)) {
      throw differs(slot.path, `chunk ${place.index} differs between bytes ${from} and ${to}`);
    }
  }

  return {
    written(chunk) {
      waiting.set(chunk.place.index, chunk);
    },
    reached(chunks) {
      const there = [...waiting.values()].filter(({ place }) => place.index < chunks);
      for (const { place } of there) {
        waiting.delete(place.index);
      }
      for (const part of withoutGaps(there)) {
        work = work.then(() => prove(part));
      }
      // Whoever waits for the end meets the error.
      work.catch(failed);
    },
    done: () => work,
  };
}

function withoutGaps(chunks: readonly WrittenChunk[]): readonly (readonly WrittenChunk[])[] {
  const parts: WrittenChunk[][] = [];
  for (const chunk of [...chunks].sort((a, b) => a.place.index - b.place.index)) {
    const part = parts.at(-1);
    if (part?.at(-1)?.place.index === chunk.place.index - 1) {
      part.push(chunk);
    } else {
      parts.push([chunk]);
    }
  }
  return parts;
}
