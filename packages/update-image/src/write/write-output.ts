import { type FileHandle, open } from 'node:fs/promises';
import { ExitCode, errnoOf, MicroLinuxError } from '@micro-linux/core';
import { replaceFile } from '@micro-linux/core/files';
import { ioFailure } from '../update-error.ts';

/**
 * Writes a temporary file next to `output` and renames it to `output` when it is synced. On
 * failure, `output` is unchanged and no other file is left.
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
