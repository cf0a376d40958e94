import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MIB, type Runner } from '@micro-linux/core';

/** File system label; the guest has /dev/disk/by-label/media. */
export const MEDIA_LABEL = 'media';

/** The file system uses 11 itself (the first 10, and lost+found). */
const SPARE_INODES = 16;

/**
 * Makes a disk with the files of a directory (no folders), like a USB stick with updates: ext4,
 * without root. Attach it read-only.
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
  // mke2fs.conf gives small disks so many inodes that large files do not fit.
  const inodes = names.length + SPARE_INODES;
  await run('mke2fs', [
    ...['-q', '-t', 'ext4', '-O', '^has_journal', '-m', '0', '-L', MEDIA_LABEL],
    ...['-b', '4096', '-N', String(inodes)],
    ...['-d', directory, output, `${mebibytes}M`],
  ]);
}
