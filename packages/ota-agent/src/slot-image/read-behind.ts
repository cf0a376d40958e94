import { MIB } from '@micro-linux/core';
import pLimit from 'p-limit';
import type { Guarded } from '../progress/stall-guard.ts';
import { cut } from '../raw-device/io-memory.ts';
import type { DeviceReader } from '../raw-device/raw-device.ts';
import { readExactly } from '../raw-device/read-exactly.ts';
import type { ImagePart } from './image-parts.ts';
import { differs } from './read-back.ts';

/** A written part and its decompressed content. */
export interface WrittenPart {
  readonly part: ImagePart;
  readonly content: Buffer;
  /** Number of bytes at its start that are not on the disk yet. */
  readonly held: number;
  /** The buffer that contains `content`. */
  readonly memory: Buffer;
}

export interface ReadBehindOptions {
  readonly reader: DeviceReader;
  /** READ_BEHIND_BYTES for direct I/O. */
  readonly memory: Buffer;
  /** Of the slot, for messages. */
  readonly path: string;
  readonly guard: Guarded;
  /** Called when a part was read back correctly: its buffer is free. */
  readonly proved: (written: WrittenPart) => void;
  /** Called when it differs or cannot be read; `done` rejects with the reason. */
  readonly failed: () => void;
}

export interface ReadBehind {
  /** Adds a written part; its content must not change until it was read back. */
  written(written: WrittenPart): void;
  /** This many chunks, from the first, are on the disk and can be read back. */
  reached(chunks: number): void;
  /**
   * Waits until everything on the disk has been read back.
   *
   * @throws MicroLinuxError `read-back-failed`, `slot-read-failed`.
   */
  done(): Promise<void>;
}

/** Number of concurrent reads. */
const READERS = 2;
const PIECE_BYTES = 2 * MIB;
/** Bytes per read. */
export const READ_BEHIND_BYTES = READERS * PIECE_BYTES;

/**
 * Reads a slot back from the disk, past the page cache, behind the writers, and compares it byte by
 * byte with the decompressed parts, which stay in memory until then. So the read-back takes hardly
 * any extra time and needs no second hash.
 */
export function readBehind(options: ReadBehindOptions): ReadBehind {
  const { reader, memory, path, guard, proved, failed } = options;
  const waiting = new Set<WrittenPart>();
  const limit = pLimit({ concurrency: READERS, rejectOnClear: true });
  const buffers = [...cut(memory, READERS, PIECE_BYTES)];
  let work = Promise.resolve();

  async function prove(written: WrittenPart): Promise<void> {
    const { part, content, held } = written;
    const buffer = buffers.pop();
    if (!buffer) {
      throw new TypeError('there is a buffer for each of the readers');
    }
    try {
      for (let from = 0; from < part.bytes; from += PIECE_BYTES) {
        guard.signal.throwIfAborted();
        const bytes = Math.min(PIECE_BYTES, part.bytes - from);
        const at = part.offset + from;
        const read = await readExactly(reader, path, { offset: at, bytes }, buffer);
        guard.alive();
        const unread = Math.max(0, held - from);
        const found = read.subarray(unread);
        const expected = content.subarray(from + unread, from + bytes);
        if (!found.equals(expected)) {
          const first = at + unread + found.findIndex((byte, index) => byte !== expected[index]);
          const chunk = part.chunks.findLast(({ offset }) => offset <= first)?.index;
          throw differs(path, `chunk ${chunk} differs at byte ${first} of the slot`);
        }
      }
    } finally {
      buffers.push(buffer);
    }
    proved(written);
  }

  async function proveAll(parts: readonly WrittenPart[]): Promise<void> {
    await reader.refresh();
    await Promise.all(parts.map((part) => limit(() => prove(part))));
  }

  return {
    written(written) {
      waiting.add(written);
    },
    reached(chunks) {
      const there = [...waiting]
        .filter(({ part }) => (part.chunks.at(-1)?.index ?? 0) < chunks)
        .sort((a, b) => a.part.offset - b.part.offset);
      for (const written of there) {
        waiting.delete(written);
      }
      if (there.length === 0) {
        return;
      }
      work = Promise.all([work, proveAll(there)]).then(() => undefined);
      // The error reaches whoever awaits the end.
      work.catch(() => {
        limit.clearQueue();
        failed();
      });
    },
    done: () => work,
  };
}
