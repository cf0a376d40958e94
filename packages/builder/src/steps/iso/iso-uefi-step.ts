import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BOOT_PROGRAM_FOLDER, MIB } from '@micro-linux/core';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step } from '../../plan/step.ts';
import { fatImageCommands, makeFatImage } from '../esp/make-fat-image.ts';
import { setTimes } from '../esp/set-times.ts';
import {
  placeSignedPrograms,
  type SignedPrograms,
  signedProgramsCommands,
} from '../esp/signed-programs.ts';
import { isoStub } from './iso-menu.ts';

export interface IsoUefiOptions extends SignedPrograms {
  /** UUID of the ISO's file system. */
  readonly uuid: string;
  /** FAT volume id, 8 hex digits. */
  readonly volumeId: string;
  readonly sourceDateEpoch: number;
  /** The step that gets the boot packages. */
  readonly rootfs: Step<unknown>;
}

/** The files that boot an ISO by UEFI. */
export interface IsoUefi {
  /** A FAT image with {@link IsoUefi.tree} in it. */
  readonly image: string;
  /**
   * A directory with EFI/ in it, for the ISO's own file system too: a GRUB that firmware loads from
   * a DVD's boot image uses the DVD as its file system, and reads its settings there.
   */
  readonly tree: string;
}

/**
 * Makes the EFI system partition of an ISO: signed shim and GRUB, and the config that leads to the
 * menu.
 */
export function isoUefiStep(options: IsoUefiOptions): Step<IsoUefi> {
  const files = (directory: string): IsoUefi => ({
    image: join(directory, 'efi.img'),
    tree: join(directory, 'tree'),
  });
  const fatImage = (directory: string, bytes: number) => {
    const { image, tree } = files(directory);
    const { sourceDateEpoch } = options;
    return { image, bytes, arguments: fatArguments(options, image), tree, sourceDateEpoch };
  };
  return {
    id: 'iso-uefi',
    title: 'GRUB of the ISO for UEFI',
    code: [ownPath(import.meta.filename)],
    needs: [options.rootfs],
    inputs: {
      secureBoot: options.secureBoot,
      uuid: options.uuid,
      volumeId: options.volumeId,
      epoch: options.sourceDateEpoch,
    },
    cached: false,
    describe: (directory) => [
      ...signedProgramsCommands(options.bootPackages, directory),
      `# write ${files(directory).tree}: ${BOOT_PROGRAM_FOLDER} and ${options.secureBoot.grubConfigDirectory}/grub.cfg`,
      // Its length depends on the programs: this is the maximum.
      ...fatImageCommands(fatImage(directory, MAXIMUM_BYTES)),
    ],
    async run(context) {
      const { tree } = files(context.outputDirectory);
      const config = join(tree, options.secureBoot.grubConfigDirectory, 'grub.cfg');
      await mkdir(dirname(config), { recursive: true });
      await writeFile(config, isoStub(options.uuid));
      await placeSignedPrograms(options, join(tree, BOOT_PROGRAM_FOLDER), context);
      await setTimes(tree, options.sourceDateEpoch);
      const bytes = Math.ceil((await treeBytes(tree)) / MIB + 1) * MIB;
      await makeFatImage(fatImage(context.outputDirectory, bytes), context);
    },
    result: files,
  };
}

/** Shim, GRUB and MokManager of all releases so far are smaller. */
const MAXIMUM_BYTES = 8 * MIB;

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
