import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MIB, type Runner } from '@micro-linux/core';

/** How a machine finds the disk: /dev/disk/by-label/media. */
export const MEDIA_LABEL = 'media';

/** The file system has 11 of its own (the first 10, and lost+found). */
const SPARE_INODES = 16;

/**
 * Makes a disk that holds the files of a directory (no folders), as a stick with updates on it:
 * ext4, without root. Give it to a machine read-only.
 *
 * @param output A raw disk image; no partition table.
 */
export async function makeMediaDisk(
  run: Runner,
  { directory, output }: { readonly directory: string; readonly output: string },
): Promise<void> {
  const names = await readdir(directory);
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(directory, name))).size),
  );
  const content = sizes.reduce((sum, bytes) => sum + bytes, 0);
  const mebibytes = Math.ceil((content * 1.02) / MIB) + 16;
  // mke2fs.conf gives small disks so many inodes, for small files, that large files have no room.
  const inodes = names.length + SPARE_INODES;
  await run('mke2fs', [
    ...['-q', '-t', 'ext4', '-O', '^has_journal', '-m', '0', '-L', MEDIA_LABEL],
    ...['-b', '4096', '-N', String(inodes)],
    ...['-d', directory, output, `${mebibytes}M`],
  ]);
}
