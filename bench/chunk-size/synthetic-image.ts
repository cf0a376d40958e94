import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const MIB = 1024 * 1024;

/**
 * Writes an image that compresses about as a root file system does: in each MiB some noise, some
 * text of a small vocabulary, some zeros. The same bytes each time.
 */
export async function writeSyntheticImage(path: string, mebibytes: number): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let index = 0; index < mebibytes; index += 1) {
      const block = Buffer.alloc(MIB);
      noise(`noise ${index}`, MIB * 0.3).copy(block, 0);
      words(`words ${index}`, MIB * 0.5).copy(block, MIB * 0.3);
      await file.writeFile(block);
    }
  } finally {
    await file.close();
  }
}

/** `length` bytes that look random, from a seed. */
export function noise(seed: string, length: number): Buffer {
  return createHash('shake256', { outputLength: Math.floor(length) })
    .update(seed)
    .digest();
}

function words(seed: string, length: number): Buffer {
  const picks = noise(seed, length / 4);
  return Buffer.from(
    Array.from(picks, (pick) => `w${((pick * pick) % 997).toString(36)} `).join(''),
  ).subarray(0, Math.floor(length));
}
