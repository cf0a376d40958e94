import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import { DISK_FORMATS, type DiskFormat, type DiskFormatName } from '../../output/disk-formats.ts';
import { ownPath } from '../../plan/code/own-path.ts';
import { makePrivateFile, privateFileCommand } from '../../plan/private-file.ts';
import type { Step } from '../../plan/step.ts';
import { compressCommand, compressFile } from '../medium/compress-file.ts';

export interface DiskImageStepOptions {
  readonly format: DiskFormatName;
  /** The raw disk, and the step that makes it. */
  readonly image: string;
  readonly disk: Step<unknown>;
  /** File name of the result, without its suffix. */
  readonly name: string;
}

/** Converts the disk to its final format. Never cached: it contains a secret. */
export function diskImageStep(options: DiskImageStepOptions): Step<{ readonly image: string }> {
  const { format: id, image: disk } = options;
  const format: DiskFormat = DISK_FORMATS[id];
  const imageIn = (directory: string) => join(directory, `${options.name}.${format.suffix}`);
  const convert = (to: string) =>
    format.options && [
      ...['convert', '-f', 'raw', '-O', format.driver ?? 'raw'],
      ...[...format.options, disk, to],
    ];
  const check = (image: string) => ['check', '-f', format.driver ?? '', image];
  return {
    id,
    title: format.title,
    code: [ownPath(import.meta.filename)],
    needs: [options.disk],
    inputs: { format, name: options.name },
    cached: false,
    describe: (directory) => {
      const to = imageIn(directory);
      const args = convert(to);
      return [
        privateFileCommand(to),
        ...(args ? [commandLine('qemu-img', args)] : [compressCommand(disk, to)]),
        ...(args && format.driver !== 'raw' ? [commandLine('qemu-img', check(to))] : []),
      ];
    },
    async run({ run, outputDirectory, signal, logFile }) {
      const to = imageIn(outputDirectory);
      // The data partition contains the hash of a password.
      await makePrivateFile(to);
      const args = convert(to);
      if (!args) {
        await compressFile(disk, to, signal);
        return;
      }
      await run('qemu-img', args, { signal, logFile });
      if (format.driver !== 'raw') {
        await run('qemu-img', check(to), { signal, logFile });
      }
    },
    result: (directory) => ({ image: imageIn(directory) }),
  };
}
