import { copyFile } from 'node:fs/promises';
import { run } from '@micro-linux/core';
import { replaceFile } from '@micro-linux/core/files';
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
  await replaceFile(
    to,
    async (partial) => {
      await (sparse
        ? run('cp', ['--sparse=always', '--reflink=auto', '--preserve=mode', from, partial])
        : copyFile(from, partial));
    },
    { partial: partialPath(to) },
  );
}
