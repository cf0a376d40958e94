import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BOOT_PROGRAM_FOLDER, commandLine, MIB } from '@micro-linux/core';
import { makeFatImage } from '../esp/make-fat-image.ts';
import { setTimes } from '../esp/set-times.ts';
import { placeSignedPrograms, type SignedPrograms } from '../esp/signed-programs.ts';
import type { Step } from '../plan/step.ts';
import { isoStub } from './iso-menu.ts';

export interface IsoUefiOptions extends SignedPrograms {
  /** UUID of the ISO's file system. */
  readonly uuid: string;
  /** FAT volume id, 8 hex digits. */
  readonly volumeId: string;
  readonly sourceDateEpoch: number;
}

/** What starts an ISO by UEFI. */
export interface IsoUefi {
  /** A FAT image with {@link IsoUefi.tree} in it. */
  readonly image: string;
  /**
   * A directory with EFI/ in it, for the ISO's own file system too: GRUB that the firmware read from
   * a DVD's boot image takes the DVD for its file system, and looks for its settings there.
   */
  readonly tree: string;
}

/** Makes the EFI system partition of an ISO: signed shim and GRUB, and the way to the menu. */
export function isoUefiStep(options: IsoUefiOptions): Step<IsoUefi> {
  const files = (directory: string): IsoUefi => ({
    image: join(directory, 'efi.img'),
    tree: join(directory, 'tree'),
  });
  return {
    id: 'iso-uefi',
    title: 'GRUB of the ISO for UEFI',
    inputs: undefined,
    describe: () => [
      commandLine('mkfs.vfat', fatArguments(options, 'efi.img')),
      'mcopy -i efi.img EFI ::/',
    ],
    async run(context) {
      const { image, tree } = files(context.outputDirectory);
      const config = join(tree, options.secureBoot.grubConfigDirectory, 'grub.cfg');
      await mkdir(dirname(config), { recursive: true });
      await writeFile(config, isoStub(options.uuid));
      await placeSignedPrograms(options, join(tree, BOOT_PROGRAM_FOLDER), context);
      await setTimes(tree, options.sourceDateEpoch);
      await makeFatImage(
        {
          image,
          bytes: Math.ceil((await treeBytes(tree)) / MIB + 1) * MIB,
          arguments: fatArguments(options, image),
          tree,
          sourceDateEpoch: options.sourceDateEpoch,
        },
        context,
      );
    },
    result: files,
  };
}

function fatArguments(options: IsoUefiOptions, image: string): readonly string[] {
  return ['--invariant', '-n', 'ISO-EFI', '-i', options.volumeId, image];
}

async function treeBytes(tree: string): Promise<number> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
