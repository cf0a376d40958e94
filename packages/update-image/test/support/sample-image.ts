import { createHash } from 'node:crypto';

/** Bytes that look random, the same for the same seed: zstd cannot compress them. */
export function noise(seed: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(seed).digest();
}

/**
 * `length` bytes like those of a file system: noise, text and zeros, a quarter MiB each in turn.
 */
export function sampleImage(length: number): Buffer {
  const image = Buffer.alloc(length);
  const step = 64 * 1024;
  for (let offset = 0, turn = 0; offset < length; offset += step, turn += 1) {
    const piece = image.subarray(offset, offset + step);
    if (turn % 3 === 0) {
      noise(`piece ${turn}`, piece.length).copy(piece);
    } else if (turn % 3 === 1) {
      piece.fill(`line ${turn} of a text that repeats itself\n`);
    }
  }
  return image;
}
