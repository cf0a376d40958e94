import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepContext } from '../plan/step.ts';

export interface FatImageOptions {
  /** The image file to make. */
  readonly image: string;
  /** Its length. */
  readonly bytes: number;
  /** What mkfs.vfat is told, the image's path last. */
  readonly arguments: readonly string[];
  /** Directory whose contents go into it. */
  readonly tree: string;
  readonly sourceDateEpoch: number;
}

/** Makes a FAT file system with the contents of a directory in it; the same tree gives the same image. */
export async function makeFatImage(options: FatImageOptions, context: StepContext): Promise<void> {
  const { image, tree } = options;
  const call = {
    signal: context.signal,
    logFile: context.logFile,
    env: {
      SOURCE_DATE_EPOCH: String(options.sourceDateEpoch),
      MTOOLS_SKIP_CHECK: '1',
      TZ: 'UTC',
    },
  };
  await context.run('truncate', ['-s', String(options.bytes), image], call);
  await context.run('mkfs.vfat', options.arguments, call);
  const top = (await readdir(tree)).sort().map((name) => join(tree, name));
  await context.run('mcopy', ['-s', '-m', '-Q', '-i', image, ...top, '::/'], call);
}
