import { basename, join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import { LIVE_SLOT_FILE } from '@micro-linux/provision';
import type { Step } from '../plan/step.ts';

export interface LiveRootOptions {
  /** The slot image; its name is that of the file in the squashfs. */
  readonly image: string;
  /** What decides the slot image. */
  readonly imageInputs: unknown;
  readonly sourceDateEpoch: number;
}

/** Packs the slot image for the live system: the very image, in a file system that is compressed. */
export function liveRootStep(options: LiveRootOptions): Step<{ readonly file: string }> {
  if (basename(options.image) !== LIVE_SLOT_FILE) {
    throw new RangeError(`the slot image is not named ${LIVE_SLOT_FILE}: ${options.image}`);
  }
  return {
    id: 'live-root',
    title: 'live system (squashfs)',
    inputs: { slot: options.imageInputs, arguments: ARGUMENTS, epoch: options.sourceDateEpoch },
    describe: () => [commandLine('mksquashfs', [options.image, 'root.squashfs', ...ARGUMENTS])],
    async run(context) {
      const output = join(context.outputDirectory, 'root.squashfs');
      await context.run('mksquashfs', [options.image, output, ...ARGUMENTS], {
        signal: context.signal,
        logFile: context.logFile,
        // Takes the place of -mkfs-time and -all-time, which it would refuse beside it.
        env: { SOURCE_DATE_EPOCH: String(options.sourceDateEpoch) },
      });
    },
    result: (directory) => ({ file: join(directory, 'root.squashfs') }),
  };
}

/** Blocks larger than this are smaller in sum, but each page that is read costs a whole one. */
const BLOCK = '256K';

const ARGUMENTS = [
  ...['-noappend', '-no-xattrs', '-all-root', '-no-progress', '-quiet'],
  ...['-comp', 'zstd', '-Xcompression-level', '9', '-b', BLOCK],
];
