import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, shellQuote } from '@micro-linux/core';
import type { StepContext } from '../../plan/step.ts';

export interface FatImageOptions {
  /** The image file to create. */
  readonly image: string;
  /** Its length. */
  readonly bytes: number;
  /** Arguments of mkfs.vfat, the image's path last. */
  readonly arguments: readonly string[];
  /** Directory with its contents. */
  readonly tree: string;
  readonly sourceDateEpoch: number;
}

/** Makes a FAT file system with the contents of a directory; the same tree gives the same image. */
export async function makeFatImage(options: FatImageOptions, context: StepContext): Promise<void> {
  const { image, tree } = options;
  const { signal, logFile } = context;
  const call = { signal, logFile, env: environment(options) };
  await context.run('truncate', ['-s', String(options.bytes), image], call);
  await context.run('mkfs.vfat', options.arguments, call);
  const top = (await readdir(tree)).sort().map((name) => join(tree, name));
  await context.run('mcopy', [...COPY, '-i', image, ...top, '::/'], call);
}

/**
 * The commands of {@link makeFatImage}, to paste.
 *
 * @param options `bytes` is shell text if the length depends on the tree.
 */
export function fatImageCommands(
  options: Omit<FatImageOptions, 'bytes'> & { readonly bytes: number | { readonly shell: string } },
): readonly string[] {
  const { image, bytes, tree } = options;
  const length = typeof bytes === 'number' ? String(bytes) : `"$(${bytes.shell})"`;
  const variables = Object.entries(environment(options)).map(([name, value]) => `${name}=${value}`);
  return [
    `truncate -s ${length} ${shellQuote(image)}`,
    `${variables.join(' ')} ${commandLine('mkfs.vfat', options.arguments)}`,
    `${variables.join(' ')} ${commandLine('mcopy', [...COPY, '-i', image])} ${shellQuote(tree)}/* ::/`,
  ];
}

const COPY = ['-s', '-m', '-Q'];

function environment({ sourceDateEpoch }: Pick<FatImageOptions, 'sourceDateEpoch'>) {
  return { SOURCE_DATE_EPOCH: String(sourceDateEpoch), MTOOLS_SKIP_CHECK: '1', TZ: 'UTC' };
}
