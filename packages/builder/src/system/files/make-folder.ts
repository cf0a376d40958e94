import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '@micro-linux/core';

/**
 * Creates a folder and its parents, if missing. Node's `recursive` never returns if mkdir(2) fails
 * with ENOENT, as in /proc.
 *
 * @returns the first folder that was created; undefined if all existed.
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
