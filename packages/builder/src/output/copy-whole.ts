import { copyFile } from 'node:fs/promises';
import { run } from '@micro-linux/core';
import { replaceFile } from '@micro-linux/core/files';
import { partialPath } from '../system/temporary/partial-file.ts';

/**
 * Copies a file atomically. It has the mode of the original from the first byte.
 *
 * @param options.sparse turn zeros into holes, so that a large disk uses only as much space as its
 *   data.
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
