import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BOOT_PROGRAM_FOLDER, BOOT_PROGRAMS, commandLine, MIB } from '@micro-linux/core';
import { FileSystemLabel, type SectorBytes } from '@micro-linux/provision';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step, StepContext } from '../../plan/step.ts';
import { writeCommand } from '../../plan/write-command.ts';
import type { SecureBoot } from '../../profiles/profile.ts';
import { fatImageCommands, makeFatImage } from './make-fat-image.ts';
import { setTimes, setTimesCommand } from './set-times.ts';
import { placeSignedPrograms, signedProgramsCommands } from './signed-programs.ts';

/** A file on the ESP: its text or bytes, or a file to copy. */
export interface EspFile {
  /** Absolute, with forward slashes. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

export interface EspStepOptions {
  readonly files: readonly EspFile[];
  readonly secureBoot: SecureBoot;
  /** Directory of the .debs with shim and GRUB. */
  readonly bootPackages: string;
  readonly sizeBytes: number;
  /** Sector size of the disk; the FAT's must not be smaller. */
  readonly sectorBytes: SectorBytes;
  /** FAT volume id, 8 hex digits. */
  readonly volumeId: string;
  readonly sourceDateEpoch: number;
  /** The step that gets the boot packages. */
  readonly rootfs: Step<unknown>;
}

/** Makes the ESP as a FAT32 image: signed shim and GRUB, GRUB's config and environment. */
export function espStep(options: EspStepOptions): Step<{ readonly image: string }> {
  const fatImage = (directory: string) => ({
    image: join(directory, 'esp.img'),
    bytes: options.sizeBytes,
    arguments: fatArguments(options, join(directory, 'esp.img')),
    tree: join(directory, 'tree'),
    sourceDateEpoch: options.sourceDateEpoch,
  });
  return {
    ...TITLES[options.sectorBytes],
    code: [ownPath(import.meta.filename)],
    needs: [options.rootfs],
    inputs: {
      files: options.files.map(({ path, content }) => [path, Buffer.from(content).toString('hex')]),
      secureBoot: options.secureBoot,
      sizeBytes: options.sizeBytes,
      volumeId: options.volumeId,
      epoch: options.sourceDateEpoch,
    },
    cached: false,
    describe: (directory) => [
      ...treeCommands(options, directory, fatImage(directory).tree),
      ...fatImageCommands(fatImage(directory)),
    ],
    async run(context) {
      const { tree } = fatImage(context.outputDirectory);
      for (const file of options.files) {
        const target = join(tree, file.path);
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, file.content);
      }
      await placePrograms(options, join(tree, BOOT_PROGRAM_FOLDER), context);
      await setTimes(tree, options.sourceDateEpoch);
      await makeFatImage(fatImage(context.outputDirectory), context);
    },
    result: (directory) => ({ image: join(directory, 'esp.img') }),
  };
}

/** The commands that fill the tree, in the same order. */
function treeCommands(options: EspStepOptions, directory: string, tree: string): string[] {
  const programs = join(tree, BOOT_PROGRAM_FOLDER);
  return [
    ...options.files.flatMap(({ path, content }) => [
      commandLine('mkdir', ['-p', dirname(join(tree, path))]),
      writeCommand(join(tree, path), Buffer.from(content).toString()),
    ]),
    ...signedProgramsCommands(options, programs, directory),
    ...BOOT_PROGRAMS.map(({ name, spare }) =>
      commandLine('cp', [join(programs, name), join(programs, spare)]),
    ),
    setTimesCommand(tree, options.sourceDateEpoch),
  ];
}

/** Each program twice: `ota-agent bootloader` writes a new version to the spare file. */
async function placePrograms(
  options: EspStepOptions,
  directory: string,
  context: StepContext,
): Promise<void> {
  await placeSignedPrograms(options, directory, context);
  for (const { name, spare } of BOOT_PROGRAMS) {
    await copyFile(join(directory, name), join(directory, spare));
  }
}

const TITLES = {
  512: { id: 'esp', title: 'EFI system partition (FAT32)' },
  4096: { id: 'esp-4k', title: 'EFI system partition (FAT32, for 4Kn disks)' },
} as const;

function fatArguments(options: EspStepOptions, image: string): readonly string[] {
  // FAT32 also on a small ESP, where mkfs.vfat would choose FAT16; one sector per cluster then,
  // as FAT32 needs 65,525 clusters (Microsoft FAT spec, "FAT type determination").
  const is4k = options.sectorBytes === 4096;
  const clusters = is4k || options.sizeBytes < 260 * MIB ? ['-s', '1'] : [];
  return [
    '--invariant',
    '-F',
    '32',
    ...(is4k ? ['-S', '4096'] : []),
    ...clusters,
    '-n',
    FileSystemLabel.esp,
    '-i',
    options.volumeId,
    image,
  ];
}
