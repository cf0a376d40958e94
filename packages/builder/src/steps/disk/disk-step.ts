import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, type PartitionName, SECTOR_BYTES, shellQuote } from '@micro-linux/core';
import {
  type PlacedPartition,
  placed,
  type SectorBytes,
  sfdiskScript,
} from '@micro-linux/provision';
import { ownPath } from '../../plan/code/own-path.ts';
import { makePrivateFile } from '../../plan/private-file.ts';
import type { Step, StepContext } from '../../plan/step.ts';
import type { BiosGrubFiles } from './bios-grub-step.ts';

export interface DiskStepOptions {
  readonly layout: readonly PlacedPartition[];
  readonly sizeBytes: number;
  readonly sectorBytes: SectorBytes;
  readonly buildId: string;
  /** Images of the partitions; root B stays empty. */
  readonly esp: string;
  readonly rootA: string;
  readonly data: string;
  /** Undefined if no BIOS can boot the disk: with sectors of 4096 bytes. */
  readonly biosGrub: BiosGrubFiles | undefined;
  /** The steps that make the images. */
  readonly needs: readonly Step<unknown>[];
}

/** Assembles the disk as a sparse file. */
export function diskStep(options: DiskStepOptions): Step<{ readonly image: string }> {
  return {
    id: 'disk',
    title: options.biosGrub ? 'disk (GPT, GRUB for BIOS)' : 'disk (GPT, sectors of 4096 bytes)',
    code: [ownPath(import.meta.filename)],
    needs: options.needs,
    inputs: {
      layout: options.layout,
      sizeBytes: options.sizeBytes,
      sectorBytes: options.sectorBytes,
      buildId: options.buildId,
    },
    cached: false,
    describe: (directory) => [
      commandLine('truncate', ['-s', String(options.sizeBytes), imageIn(directory)]),
      ...describeTable(options, directory),
      ...copies(options).map(([from, start]) =>
        commandLine('dd', copyArguments(from, imageIn(directory), start)),
      ),
    ],
    async run(context) {
      const image = imageIn(context.outputDirectory);
      await makePrivateFile(image);
      const call = { signal: context.signal, logFile: context.logFile };
      await context.run('truncate', ['-s', String(options.sizeBytes), image], call);
      await writeTable(options, image, context);
      for (const [from, start] of copies(options)) {
        await context.run('dd', copyArguments(from, image, start), call);
      }
    },
    result: (directory) => ({ image: imageIn(directory) }),
  };
}

function imageIn(directory: string): string {
  return join(directory, 'disk.raw');
}

function scriptOf({ layout, buildId, sectorBytes }: DiskStepOptions): string {
  return sfdiskScript(layout, buildId, sectorBytes);
}

function describeTable(options: DiskStepOptions, directory: string): readonly string[] {
  const here = [...scriptOf(options).trimEnd().split('\n'), 'EOF'];
  const image = imageIn(directory);
  const script = shellQuote(join(directory, SCRIPT_FILE));
  return options.sectorBytes === SECTOR_BYTES
    ? [`${commandLine('sfdisk', sfdiskArguments(image))} <<EOF`, ...here]
    : [
        `cat >${script} <<EOF`,
        ...here,
        `printf '%s\\n' I ${script} w | ${commandLine('fdisk', fdiskArguments(image, options))}`,
      ];
}

function sfdiskArguments(image: string): readonly string[] {
  return ['--quiet', '--no-reread', '--no-tell-kernel', image];
}

const SCRIPT_FILE = 'disk.sfdisk';

/**
 * sfdisk treats a file as a disk with sectors of 512 bytes; fdisk has an option for others, and
 * reads the same scripts.
 */
async function writeTable(
  options: DiskStepOptions,
  image: string,
  { run, signal, logFile, outputDirectory }: StepContext,
): Promise<void> {
  const script = scriptOf(options);
  if (options.sectorBytes === SECTOR_BYTES) {
    await run('sfdisk', sfdiskArguments(image), { signal, logFile, input: script });
    return;
  }
  const file = join(outputDirectory, SCRIPT_FILE);
  await writeFile(file, script);
  // I: load a script by its name; w: write the table.
  const input = `I\n${file}\nw\n`;
  await run('fdisk', fdiskArguments(image, options), { signal, logFile, input });
}

function fdiskArguments(image: string, { sectorBytes }: DiskStepOptions): readonly string[] {
  return ['--sector-size', String(sectorBytes), '--noauto-pt', '--wipe', 'never', image];
}

/** Files and their offsets, in bytes from the start of the disk. */
function copies(options: DiskStepOptions): readonly (readonly [file: string, start: number])[] {
  const { layout, biosGrub } = options;
  const at = (name: PartitionName) => placed(layout, name).start * SECTOR_BYTES;
  return [
    [options.esp, at('ESP')],
    [options.rootA, at('rootA')],
    [options.data, at('data')],
    // The boot code ends where the partition table begins.
    ...(biosGrub
      ? ([
          [biosGrub.core, at('bios')],
          [biosGrub.bootCode, 0],
        ] as const)
      : []),
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
