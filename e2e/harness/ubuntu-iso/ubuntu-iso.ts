import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '@micro-linux/core';
import { makeBootImages } from './boot-images.ts';
import { type Edition, volumeId } from './edition.ts';
import { writeUbuntuTree } from './ubuntu-tree.ts';

/** GPT type of an EFI system partition and of a plain one, as xorriso writes them. */
const ESP_TYPE = '28732ac11ff8d211ba4b00a0c93ec93b';
const DATA_TYPE = 'a2a0d0ebe5b9334487c068b6b72699c7';

/**
 * Makes an ISO with the structure of an official one (El Torito for BIOS and UEFI, hybrid boot
 * sector, GPT with an appended EFI system partition, GRUB's menu, casper's layers), but small and
 * with nothing of Ubuntu's in it.
 *
 * @param change changes the tree before the sums are taken and the ISO is made.
 */
export async function makeUbuntuIso(options: {
  readonly edition: Edition;
  readonly output: string;
  /** Where to work; what is made there is removed. */
  readonly scratch: string;
  readonly run: Runner;
  readonly change?: (tree: string) => Promise<void>;
}): Promise<void> {
  const { edition, output, run } = options;
  const scratch = await mkdtemp(join(options.scratch, 'ubuntu-iso-'));
  try {
    const tree = join(scratch, 'tree');
    await mkdir(tree);
    await writeUbuntuTree(edition, tree, run);
    const { hybrid, esp } = await makeBootImages(tree, scratch, run);
    await options.change?.(tree);
    await writeSums(tree, run);
    await run('xorriso', [
      ...['-as', 'mkisofs', '-r', '-J', '-joliet-long', '-V', volumeId(edition)],
      ...['--grub2-mbr', hybrid, '--protective-msdos-label', '-partition_cyl_align', 'off'],
      ...['-partition_offset', '16', '--mbr-force-bootable'],
      ...['-append_partition', '2', ESP_TYPE, esp, '-appended_part_as_gpt'],
      ...['-iso_mbr_part_type', DATA_TYPE, '-c', '/boot.catalog'],
      ...['-b', '/boot/grub/i386-pc/eltorito.img', '-no-emul-boot', '-boot-load-size', '4'],
      ...['-boot-info-table', '--grub2-boot-info', '-eltorito-alt-boot'],
      ...['-e', '--interval:appended_partition_2:all::', '-no-emul-boot'],
      ...['-o', output, tree],
    ]);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** As on the official ISO: every file but the image that xorriso writes into. */
async function writeSums(tree: string, run: Runner): Promise<void> {
  const script =
    'find . -type f ! -name md5sum.txt ! -name eltorito.img -print0 | LC_ALL=C sort -z | xargs -0 md5sum';
  const { stdout } = await run('sh', ['-ec', script], { cwd: tree });
  await writeFile(join(tree, 'md5sum.txt'), stdout);
}
