import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errnoOf } from '@micro-linux/core';
import type { UpdateSource } from '../source.ts';
import { failed, ioFailure } from '../update-error.ts';
import { abortable } from './abortable.ts';
import { truncated } from './truncated.ts';

/**
 * An update in a regular file, or copied onto a block device. Reads at any offset, concurrently if
 * needed.
 *
 * @throws MicroLinuxError `update-missing`, `update-unreadable`.
 */
export async function fileSource(path: string): Promise<UpdateSource> {
  const file = await openFile(path);
  try {
    const stat = await file.stat();
    if (!stat.isFile() && !stat.isBlockDevice()) {
      throw failed({
        code: 'update-unreadable',
        message: `${path} is neither a file nor a block device`,
        details: { file: path },
      });
    }
    return {
      name: path,
      // The length of a device says nothing about the update on it.
      size: stat.isFile() ? stat.size : undefined,
      seekable: true,
      // The kernel reads ahead by itself.
      willRead: () => undefined,
      readAt: (offset, target, signal) =>
        abortable(() => readFully(file, path, { offset, target, signal }), signal),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Non-blocking: opening a named pipe must not wait for a writer.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const missing = ['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '');
    throw missing
      ? failed({
          code: 'update-missing',
          message: `there is no file ${path}`,
          details: { file: path },
          cause: error,
        })
      : ioFailure('update-unreadable', `cannot read ${path}`, error);
  }
}

async function readFully(
  file: FileHandle,
  path: string,
  {
    offset,
    target,
    signal,
  }: {
    readonly offset: number;
    readonly target: Buffer;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  for (let done = 0; done < target.length; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await file
      .read(target, done, target.length - done, offset + done)
      .catch((error: unknown) => {
        throw ioFailure('update-unreadable', `cannot read ${path}`, error);
      });
    if (bytesRead === 0) {
      throw truncated(path, offset + done);
    }
    done += bytesRead;
  }
}
