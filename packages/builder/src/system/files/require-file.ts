import { open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainSystemError, MicroLinuxError } from '@micro-linux/core';

/**
 * Checks that a path from the user is a readable file. Refuses a named pipe without opening it,
 * because that would block until there is a writer.
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

/** What a shell passes for `<(command)`: a pipe that has a writer. */
const OPEN_PIPE = /^\/(?:dev\/(?:fd\/|stdin$)|proc\/[^/]+\/fd\/)/;

/**
 * Reads a small file named by the user, including `<(command)` of a shell.
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
 * Checks that a file can be written to a path, before the slow work: its folder exists, and the
 * path is free or a plain file.
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
