import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, SECTOR_BYTES } from '@micro-linux/core';
import {
  biosBootSectors,
  type PlacedPartition,
  placed,
  sfdiskScript,
} from '@micro-linux/provision';
import type { Step, StepContext } from '../plan/step.ts';

export interface DiskStepOptions {
  readonly layout: readonly PlacedPartition[];
  readonly sizeBytes: number;
  readonly buildId: string;
  /** Images of the partitions; root B stays empty. */
  readonly esp: string;
  readonly rootA: string;
  readonly data: string;
  /** GRUB for BIOS: a directory with boot.img and modules, what core.img holds, and its prefix. */
  readonly grub: BiosGrub;
}

/** What grub-mkimage is told for the BIOS core image. */
export interface BiosGrub {
  /** E.g. /usr/lib/grub/i386-pc. */
  readonly directory: string;
  readonly modules: readonly string[];
  readonly prefix: string;
  /** Text of the config embedded in the image. */
  readonly config: string;
}

/** Puts the whole disk together as one sparse file. */
export function diskStep(options: DiskStepOptions): Step<{ readonly image: string }> {
  return {
    id: 'disk',
    title: 'disk (GPT, GRUB for BIOS)',
    inputs: undefined,
    describe: () => [
      'sfdisk disk.raw <<EOF',
      ...sfdiskScript(options.layout, options.buildId).trimEnd().split('\n'),
      'EOF',
      commandLine('grub-mkimage', mkimageArguments(options.grub, 'core.cfg', 'core.img')),
      ...copies(options).map(([from, partition]) =>
        commandLine('dd', copyArguments(from, 'disk.raw', partition)),
      ),
    ],
    async run(context) {
      const image = join(context.outputDirectory, 'disk.raw');
      const call = { signal: context.signal, logFile: context.logFile };
      await context.run('truncate', ['-s', String(options.sizeBytes), image], call);
      await context.run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', image], {
        ...call,
        input: sfdiskScript(options.layout, options.buildId),
      });
      for (const [from, partition] of copies(options)) {
        context.progress({ message: partition.name });
        await context.run('dd', copyArguments(from, image, partition), call);
      }
      await installBiosGrub(options, image, context);
    },
    result: (directory) => ({ image: join(directory, 'disk.raw') }),
  };
}

function copies(options: DiskStepOptions): readonly (readonly [string, PlacedPartition])[] {
  return [
    [options.esp, placed(options.layout, 'ESP')],
    [options.rootA, placed(options.layout, 'rootA')],
    [options.data, placed(options.layout, 'data')],
  ];
}

function copyArguments(from: string, to: string, partition: PlacedPartition): readonly string[] {
  return [
    `if=${from}`,
    `of=${to}`,
    'bs=1M',
    `seek=${partition.start * SECTOR_BYTES}`,
    'oflag=seek_bytes',
    'iflag=fullblock',
    'conv=notrunc,sparse',
    'status=none',
  ];
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

async function installBiosGrub(
  options: DiskStepOptions,
  image: string,
  context: StepContext,
): Promise<void> {
  const { grub } = options;
  const config = join(context.outputDirectory, 'core.cfg');
  const coreFile = join(context.outputDirectory, 'core.img');
  const call = { signal: context.signal, logFile: context.logFile };
  await writeFile(config, grub.config);
  await context.run('grub-mkimage', mkimageArguments(grub, config, coreFile), call);
  const partition = placed(options.layout, 'bios');
  const { bootCode, core } = biosBootSectors(
    await readFile(join(grub.directory, 'boot.img')),
    await readFile(coreFile),
    partition.start,
    partition.sectors,
  );
  const disk = await open(image, 'r+');
  try {
    await disk.write(bootCode, 0, bootCode.length, 0);
    await disk.write(core, 0, core.length, partition.start * SECTOR_BYTES);
    await disk.sync();
  } finally {
    await disk.close();
  }
}
