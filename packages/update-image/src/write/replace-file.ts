import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ExitCode, errnoOf, MicroLinuxError } from '@micro-linux/core';
import { ioFailure } from '../update-error.ts';

/**
 * Writes a file beside `output` and gives it that name when all of it is on the disk. Whatever goes
 * wrong, `output` is what it was, and nothing else is left.
 *
 * @throws MicroLinuxError `update-unwritable`, `cancelled`, or what `fill` throws.
 */
export async function replaceFile<T>(
  output: string,
  signal: AbortSignal | undefined,
  fill: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const partial = join(dirname(output), `.${basename(output)}.${randomUUID()}.partial`);
  try {
    const result = await fillNew(partial, fill);
    checkCancelled(signal);
    await rename(partial, output);
    return result;
  } catch (error) {
    await rm(partial, { force: true });
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
    const result = await fill(file);
    await file.sync();
    return result;
  } finally {
    await file.close();
  }
}
