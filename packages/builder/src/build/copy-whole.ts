import { copyFile, rename, rm } from 'node:fs/promises';
import { partialPath } from '../temporary/partial-file.ts';

/**
 * Copies a file so that it appears whole or not at all, with the mode of the original from its first
 * byte on; holes are cheap where the disk can clone.
 */
export async function copyWhole(from: string, to: string): Promise<void> {
  const beside = partialPath(to);
  try {
    // A leftover may have another mode, or be a link to somewhere else.
    await rm(beside, { force: true });
    await copyFile(from, beside);
    await rename(beside, to);
  } finally {
    await rm(beside, { force: true });
  }
}
