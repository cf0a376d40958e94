import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '@micro-linux/core';

/**
 * Makes a folder and those above it; one that is there is fine. Node's own `recursive` never returns
 * where a file system answers ENOENT to mkdir(2), as /proc does.
 *
 * @returns the first folder that was made; undefined when all were there.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<string | undefined> {
  try {
    await mkdir(path, mode);
    return path;
  } catch (error) {
    const code = errnoOf(error);
    const parent = dirname(path);
    if (code === 'EEXIST' && (await isFolder(path))) {
      return undefined;
    }
    if (code !== 'ENOENT' || parent === path || (await isFolder(parent))) {
      throw error;
    }
    const first = await makeFolder(parent, mode);
    return (await makeFolder(path, mode)) === undefined ? first : (first ?? path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info?.isDirectory() === true;
}
