import type { Readable } from 'node:stream';
import { releaseBuffer } from '../chunks/release-buffer.ts';
import type { UpdateSource } from '../source.ts';
import { ioFailure } from '../update-error.ts';
import { abortable } from './abortable.ts';
import { truncated } from './truncated.ts';

export interface StreamSourceOptions {
  /**
   * Frees the memory of a stream's buffer right after it was copied: nobody else reads it. The
   * garbage collector would let tens of MiB accumulate when a pipe is fast.
   */
  readonly release?: boolean | undefined;
}

/**
 * An update that comes through a pipe, such as standard input. It is read once, forward, one
 * `readAt` at a time; it buffers at most what one read of the stream returned.
 */
export function streamSource(
  stream: Readable,
  name: string,
  { release = false }: StreamSourceOptions = {},
): UpdateSource {
  const pieces = stream[Symbol.asyncIterator]();
  let position = 0;
  let current: Buffer = Buffer.alloc(0);
  let rest = current;

  /** Advances by `length` bytes and passes them to `use`, piece by piece. */
  async function advance(
    length: number,
    use: (piece: Buffer) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    for (let left = length; left > 0; ) {
      signal?.throwIfAborted();
      if (rest.length === 0) {
        if (release) {
          releaseBuffer(current);
        }
        current = await abortable(nextPiece, signal);
        rest = current;
      }
      const piece = rest.subarray(0, left);
      use(piece);
      rest = rest.subarray(piece.length);
      position += piece.length;
      left -= piece.length;
    }
  }

  async function nextPiece(): Promise<Buffer> {
    let next: IteratorResult<unknown>;
    try {
      next = await pieces.next();
    } catch (error) {
      throw ioFailure('update-unreadable', `cannot read ${name}`, error);
    }
    if (next.done) {
      throw truncated(name, position);
    }
    if (!(next.value instanceof Uint8Array)) {
      throw new TypeError(`${name} must be a stream of bytes`);
    }
    return Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
  }

  return {
    name,
    size: undefined,
    seekable: false,
    // A stream has no other order.
    willRead: () => undefined,
    async readAt(offset, target, signal) {
      if (offset < position) {
        throw new RangeError(`${name} cannot go back from ${position} to ${offset}`);
      }
      await advance(offset - position, () => undefined, signal);
      let filled = 0;
      await advance(
        target.length,
        (piece) => {
          target.set(piece, filled);
          filled += piece.length;
        },
        signal,
      );
    },
    async close() {
      stream.destroy();
    },
  };
}
