import type { FileHandle } from 'node:fs/promises';
import type { UpdateSource } from '../source.ts';
import { checkCancelled } from './write-output.ts';

const COPY_BYTES = 4 * 1024 * 1024;

/** Appends `length` bytes of `source`, from `offset` on, to `file`. */
export async function copyRange(
  source: UpdateSource,
  offset: number,
  length: number,
  file: FileHandle,
  signal?: AbortSignal | undefined,
): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(COPY_BYTES, length));
  for (let done = 0; done < length; ) {
    checkCancelled(signal);
    const piece = buffer.subarray(0, Math.min(buffer.length, length - done));
    await source.readAt(offset + done, piece);
    await file.writeFile(piece);
    done += piece.length;
  }
}
