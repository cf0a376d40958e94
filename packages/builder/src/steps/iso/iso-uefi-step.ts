import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BOOT_PROGRAM_FOLDER, commandLine, MIB } from '@micro-linux/core';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step } from '../../plan/step.ts';
import { writeCommand } from '../../plan/write-command.ts';
import { fatImageCommands, makeFatImage } from '../esp/make-fat-image.ts';
import { setTimes, setTimesCommand } from '../esp/set-times.ts';
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
  const fatImage = <Bytes>(directory: string, bytes: Bytes) => {
    const { image, tree } = files(directory);
    const { sourceDateEpoch } = options;
    return { image, bytes, arguments: fatArguments(options, image), tree, sourceDateEpoch };
  };
  const configIn = (directory: string) =>
    join(files(directory).tree, options.secureBoot.grubConfigDirectory, 'grub.cfg');
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
      commandLine('mkdir', ['-p', dirname(configIn(directory))]),
      writeCommand(configIn(directory), isoStub(options.uuid)),
      ...signedProgramsCommands(
        options,
        join(files(directory).tree, BOOT_PROGRAM_FOLDER),
        directory,
      ),
      setTimesCommand(files(directory).tree, options.sourceDateEpoch),
      ...fatImageCommands(fatImage(directory, { shell: imageBytesCommand(files(directory).tree) })),
    ],
    async run(context) {
      const { tree } = files(context.outputDirectory);
      const config = configIn(context.outputDirectory);
      await mkdir(dirname(config), { recursive: true });
      await writeFile(config, isoStub(options.uuid));
      await placeSignedPrograms(options, join(tree, BOOT_PROGRAM_FOLDER), context);
      await setTimes(tree, options.sourceDateEpoch);
      await makeFatImage(fatImage(context.outputDirectory, await imageBytes(tree)), context);
    },
    result: files,
  };
}

function fatArguments(options: IsoUefiOptions, image: string): readonly string[] {
  return ['--invariant', '-n', 'ISO-EFI', '-i', options.volumeId, image];
}

/** Length of an image that has room for a tree: whole MiB, and one more for the file system. */
async function imageBytes(tree: string): Promise<number> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return Math.ceil(bytes / MIB + 1) * MIB;
}

/** The command that prints what {@link imageBytes} returns. */
function imageBytesCommand(tree: string): string {
  const list = commandLine('find', [tree, '-mindepth', '1', '-printf', '%s\\n']);
  return `${list} | awk '{ bytes += $1 } END { print (int((bytes + ${MIB - 1}) / ${MIB}) + 1) * ${MIB} }'`;
}
