import { MIB } from '@micro-linux/core';
import type { Guarded } from '../progress/stall-guard.ts';
import { cut, ioMemory } from './io-memory.ts';
import type { DeviceReader } from './raw-device.ts';
import { readExactly } from './read-exactly.ts';

const PIECE_BYTES = MIB;
/** Number of pieces to read ahead. */
const PIECES_AHEAD = 4;

/**
 * Passes the bytes of a slot from `start` (whole pages) to `end` to `use`, in order, piece by
 * piece, while it reads ahead. A piece is only valid until `use` returns.
 *
 * @throws MicroLinuxError `slot-read-failed`, also when the slot ends before `end`.
 */
export async function readRange(
  reader: DeviceReader,
  range: { readonly start: number; readonly end: number; readonly path: string },
  guard: Guarded,
  use: (piece: Buffer, offset: number) => void,
): Promise<void> {
  const memory = await ioMemory(reader, PIECES_AHEAD * PIECE_BYTES);
  const buffers = cut(memory, PIECES_AHEAD, PIECE_BYTES);
  const { start, end, path } = range;
  const begun: Promise<Buffer>[] = [];
  const begin = (index: number) => {
    const buffer = buffers[index % PIECES_AHEAD];
    const offset = start + index * PIECE_BYTES;
    if (buffer && offset < end && !guard.signal.aborted) {
      const bytes = Math.min(PIECE_BYTES, end - offset);
      const read = readExactly(reader, path, { offset, bytes }, buffer);
      // The error reaches whoever awaits the read; otherwise it does not matter.
      read.catch(() => undefined);
      begun[index % PIECES_AHEAD] = read;
    }
  };
  for (let index = 0; index < PIECES_AHEAD; index += 1) {
    begin(index);
  }
  for (let index = 0; start + index * PIECE_BYTES < end; index += 1) {
    guard.signal.throwIfAborted();
    const piece = await begun[index % PIECES_AHEAD];
    if (!piece) {
      throw new TypeError('each piece is begun before it is used');
    }
    guard.alive();
    use(piece, start + index * PIECE_BYTES);
    begin(index + PIECES_AHEAD);
  }
}
