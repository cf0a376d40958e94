import { run } from '@micro-linux/core';

/** Copies a disk file; shares its blocks where the file system can, keeps its holes where not. */
export async function copySparse(from: string, to: string): Promise<void> {
  await run('cp', ['--reflink=auto', '--sparse=auto', from, to]);
}
