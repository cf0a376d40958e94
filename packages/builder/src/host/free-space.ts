import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GIB } from '@micro-linux/core';

/** The directories a build writes to. */
export type BuildDirectory = 'cache' | 'temporary' | 'artifacts';

/**
 * The most a build writes to each directory: measured 1.7 GiB unpacked and 0.8 GiB cached, plus a
 * margin.
 */
export const SPACE_NEEDED: Readonly<Record<BuildDirectory, number>> = {
  cache: 2 * GIB,
  temporary: 3 * GIB,
  artifacts: 1 * GIB,
};

/** The free space of one file system, and what a build would write there. */
export interface FreeSpace {
  readonly paths: readonly string[];
  readonly freeBytes: number;
  readonly neededBytes: number;
}

/** Free space of each file system with one of the directories, which need not exist yet. */
export async function gatherFreeSpace(
  directories: Readonly<Record<BuildDirectory, string>>,
): Promise<FreeSpace[]> {
  const devices = new Map<number, { paths: string[]; freeBytes: number; neededBytes: number }>();
  for (const name of ['artifacts', 'cache', 'temporary'] as const) {
    const path = directories[name];
    const existing = await nearestExisting(path);
    const { dev } = await stat(existing);
    const { bavail, bsize } = await statfs(existing);
    const known = devices.get(dev) ?? { paths: [], freeBytes: bavail * bsize, neededBytes: 0 };
    known.paths.push(path);
    known.neededBytes += SPACE_NEEDED[name];
    devices.set(dev, known);
  }
  return [...devices.values()];
}

async function nearestExisting(path: string): Promise<string> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  return exists || dirname(path) === path ? path : nearestExisting(dirname(path));
}
