import { writeSync } from 'node:fs';

/** Writes all of `bytes` at the file's position; the kernel may write them in pieces. */
export function writeFully(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(file, bytes, written);
  }
}
