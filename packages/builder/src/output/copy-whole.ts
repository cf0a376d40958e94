import { copyFile, rename, rm } from 'node:fs/promises';
import { run } from '@micro-linux/core';
import { partialPath } from '../system/temporary/partial-file.ts';

/**
 * Copies a file so that it appears whole or not at all, with the mode of the original from its first
 * byte on.
 *
 * @param options.sparse make holes of zeros, so that a disk of gigabytes takes as much room as it holds.
 */
export async function copyWhole(
  from: string,
  to: string,
  { sparse = false }: { readonly sparse?: boolean } = {},
): Promise<void> {
  const beside = partialPath(to);
  try {
    // A leftover may have another mode, or be a link to somewhere else.
    await rm(beside, { force: true });
    await (sparse
      ? run('cp', ['--sparse=always', '--reflink=auto', '--preserve=mode', from, beside])
      : copyFile(from, beside));
    await rename(beside, to);
  } finally {
    await rm(beside, { force: true });
  }
}
