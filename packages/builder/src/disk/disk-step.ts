import { join } from 'node:path';
import { commandLine, type PartitionName, SECTOR_BYTES } from '@micro-linux/core';
import { type PlacedPartition, placed, sfdiskScript } from '@micro-linux/provision';
import { makePrivateFile } from '../plan/private-file.ts';
import type { Step } from '../plan/step.ts';
import type { BiosGrubFiles } from './bios-grub-step.ts';

export interface DiskStepOptions {
  readonly layout: readonly PlacedPartition[];
  readonly sizeBytes: number;
  readonly buildId: string;
  /** Images of the partitions; root B stays empty. */
  readonly esp: string;
  readonly rootA: string;
  readonly data: string;
  readonly biosGrub: BiosGrubFiles;
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
      ...copies(options).map(([from, start]) =>
        commandLine('dd', copyArguments(from, 'disk.raw', start)),
      ),
    ],
    async run(context) {
      const image = join(context.outputDirectory, 'disk.raw');
      await makePrivateFile(image);
      const call = { signal: context.signal, logFile: context.logFile };
      await context.run('truncate', ['-s', String(options.sizeBytes), image], call);
      await context.run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', image], {
        ...call,
        input: sfdiskScript(options.layout, options.buildId),
      });
      for (const [from, start] of copies(options)) {
        await context.run('dd', copyArguments(from, image, start), call);
      }
    },
    result: (directory) => ({ image: join(directory, 'disk.raw') }),
  };
}

/** Files and where they go, in bytes from the start of the disk. */
function copies(options: DiskStepOptions): readonly (readonly [file: string, start: number])[] {
  const { layout, biosGrub } = options;
  const at = (name: PartitionName) => placed(layout, name).start * SECTOR_BYTES;
  return [
    [options.esp, at('ESP')],
    [options.rootA, at('rootA')],
    [options.data, at('data')],
    [biosGrub.core, at('bios')],
    // Ends where the partition table begins.
    [biosGrub.bootCode, 0],
  ];
}

function copyArguments(from: string, to: string, start: number): readonly string[] {
  return [
    `if=${from}`,
    `of=${to}`,
    'bs=1M',
    `seek=${start}`,
    'oflag=seek_bytes',
    'iflag=fullblock',
    'conv=notrunc,sparse',
    'status=none',
  ];
}
