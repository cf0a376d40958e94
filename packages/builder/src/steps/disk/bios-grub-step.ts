import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import type { PlacedPartition } from '@micro-linux/provision';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step } from '../../plan/step.ts';
import { writeCommand } from '../../plan/write-command.ts';
import { type PatchOptions, patchBiosGrub, patchCommand } from './patch-bios-grub.ts';

/** Inputs of grub-mkimage for the BIOS core image. */
export interface BiosGrub {
  /** Contains boot.img and the modules; e.g. /usr/lib/grub/i386-pc. */
  readonly directory: string;
  readonly modules: readonly string[];
  readonly prefix: string;
  /** Text of the config embedded in the image. */
  readonly config: string;
}

/** GRUB for BIOS, ready to be written to a disk: the program and its loader. */
export interface BiosGrubFiles {
  /** For the first 440 bytes of sector 0. */
  readonly bootCode: string;
  /** For the beginning of the BIOS boot partition. */
  readonly core: string;
}

/**
 * Makes GRUB for BIOS, for a disk or an installation medium.
 *
 * @param partition the BIOS boot partition, which is at the same position on every disk.
 */
export function biosGrubStep(grub: BiosGrub, partition: PlacedPartition): Step<BiosGrubFiles> {
  const files = (directory: string): BiosGrubFiles => ({
    bootCode: join(directory, 'boot-code.img'),
    core: join(directory, 'core.img'),
  });
  const scratch = (directory: string) => ({
    config: join(directory, 'core.cfg'),
    image: join(directory, 'unpatched.img'),
  });
  const patch = (directory: string): PatchOptions => ({
    boot: join(grub.directory, 'boot.img'),
    image: scratch(directory).image,
    start: partition.start,
    sectors: partition.sectors,
    ...files(directory),
  });
  return {
    id: 'bios-grub',
    title: 'GRUB for BIOS',
    code: [ownPath(import.meta.filename)],
    needs: [],
    inputs: { grub, partition },
    cached: false,
    describe: (directory) => {
      const { config, image } = scratch(directory);
      return [
        writeCommand(config, grub.config),
        commandLine('grub-mkimage', mkimageArguments(grub, config, image)),
        patchCommand(patch(directory)),
      ];
    },
    async run(context) {
      const { config, image } = scratch(context.outputDirectory);
      await writeFile(config, grub.config);
      await context.run('grub-mkimage', mkimageArguments(grub, config, image), {
        signal: context.signal,
        logFile: context.logFile,
      });
      await patchBiosGrub(patch(context.outputDirectory));
    },
    result: files,
  };
}

function mkimageArguments(grub: BiosGrub, config: string, output: string): readonly string[] {
  return [
    `--directory=${grub.directory}`,
    '--format=i386-pc',
    `--prefix=${grub.prefix}`,
    `--config=${config}`,
    `--output=${output}`,
    ...grub.modules,
  ];
}
