import { type FileHandle, open } from 'node:fs/promises';
import { ExitCode, errnoOf, MicroLinuxError } from '@micro-linux/core';
import { replaceFile } from '@micro-linux/core/files';
import { ioFailure } from '../update-error.ts';

/**
 * Writes a file beside `output` and gives it that name when all of it is on the disk. Whatever goes
 * wrong, `output` is what it was, and nothing else is left.
 *
 * @throws MicroLinuxError `update-unwritable`, `cancelled`, or what `fill` throws.
 */
export async function writeOutput<T>(
  output: string,
  signal: AbortSignal | undefined,
  fill: (file: FileHandle) => Promise<T>,
): Promise<T> {
  try {
    return await replaceFile(output, async (partial) => {
      const result = await fillNew(partial, fill);
      checkCancelled(signal);
      return result;
    });
  } catch (error) {
    if (errnoOf(error) !== undefined) {
      throw ioFailure('update-unwritable', `cannot write ${output}`, error);
    }
    throw error;
  }
}

/** @throws MicroLinuxError `cancelled`. */
export function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new MicroLinuxError({
      code: 'cancelled',
      message: 'writing the update was cancelled',
      exitCode: ExitCode.cancelled,
    });
  }
}

async function fillNew<T>(path: string, fill: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'wx');
  try {
    return await fill(file);
  } finally {
    await file.close();
  }
}
