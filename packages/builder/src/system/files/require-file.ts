import { open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainSystemError, MicroLinuxError } from '@micro-linux/core';

/**
 * Makes sure that a path the user named is a file that can be read. A named pipe is refused without
 * being opened: that would wait until somebody writes to it.
 *
 * @throws MicroLinuxError `path-unusable`.
 */
export async function requireReadableFile(path: string): Promise<void> {
  try {
    const info = await stat(path);
    if (!info.isFile() && !info.isBlockDevice()) {
      throw unusable(path, info.isDirectory() ? 'is a folder, not a file' : 'is not a plain file');
    }
    await (await open(path)).close();
  } catch (error) {
    throw explainSystemError(error) ?? error;
  }
}

/** What a shell makes of `<(command)`: a pipe that has a writer. */
const OPEN_PIPE = /^\/(?:dev\/(?:fd\/|stdin$)|proc\/[^/]+\/fd\/)/;

/**
 * Reads a small file that the user named, also one that the shell hands over as `<(command)`.
 *
 * @throws what reading throws; MicroLinuxError `path-unusable` for a named pipe, see
 *   {@link requireReadableFile}.
 */
export async function readSmallFile(path: string): Promise<Buffer> {
  if ((await stat(path)).isFIFO() && !OPEN_PIPE.test(path)) {
    throw unusable(path, 'is a named pipe, not a file');
  }
  return readFile(path);
}

/**
 * Makes sure that a file can be put at a path, before the work that makes it: its folder is there,
 * and what stands at the path is a plain file or nothing.
 *
 * @throws MicroLinuxError `path-unusable`.
 */
export async function requireOutputFile(path: string): Promise<void> {
  const folder = await stat(dirname(path)).catch((error: unknown) => {
    throw explainSystemError(error) ?? error;
  });
  if (!folder.isDirectory()) {
    throw unusable(dirname(path), 'is not a folder');
  }
  const there = await stat(path).catch(() => undefined);
  if (there && !there.isFile()) {
    throw unusable(path, there.isDirectory() ? 'is a folder' : 'is a device, a pipe or a socket');
  }
}

function unusable(path: string, what: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'path-unusable',
    message: `${path} ${what}`,
    hint: 'name a file',
    details: { path },
  });
}
