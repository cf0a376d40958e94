import { basename, join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import { LIVE_SLOT_FILE } from '@micro-linux/provision';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step } from '../../plan/step.ts';

export interface LiveRootOptions {
  /** The slot image; its name is the name of the file in the squashfs. */
  readonly image: string;
  /** The step that makes it. */
  readonly slot: Step<unknown>;
  readonly sourceDateEpoch: number;
}

/** Packs the slot image for the live system: the unchanged image in a compressed file system. */
export function liveRootStep(options: LiveRootOptions): Step<{ readonly file: string }> {
  if (basename(options.image) !== LIVE_SLOT_FILE) {
    throw new RangeError(`the slot image is not named ${LIVE_SLOT_FILE}: ${options.image}`);
  }
  const output = (directory: string) => join(directory, 'root.squashfs');
  const command = (directory: string) => [options.image, output(directory), ...ARGUMENTS];
  return {
    id: 'live-root',
    title: 'live system (squashfs)',
    code: [ownPath(import.meta.filename)],
    needs: [options.slot],
    inputs: { epoch: options.sourceDateEpoch },
    cached: true,
    describe: (directory) => [
      `SOURCE_DATE_EPOCH=${options.sourceDateEpoch} ${commandLine('mksquashfs', command(directory))}`,
    ],
    async run(context) {
      await context.run('mksquashfs', command(context.outputDirectory), {
        signal: context.signal,
        logFile: context.logFile,
        // Replaces -mkfs-time and -all-time, which mksquashfs refuses if it is set.
        env: { SOURCE_DATE_EPOCH: String(options.sourceDateEpoch) },
      });
    },
    result: (directory) => ({ file: output(directory) }),
  };
}

/** Larger blocks compress better, but reading one page decompresses a whole block. */
const BLOCK = '256K';

const ARGUMENTS = [
  ...['-noappend', '-no-xattrs', '-all-root', '-no-progress', '-quiet'],
  ...['-comp', 'zstd', '-Xcompression-level', '9', '-b', BLOCK],
];
