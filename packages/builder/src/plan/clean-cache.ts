import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '@micro-linux/core';
import { sweepFolders } from '../system/temporary/own-folder.ts';

/**
 * Removes old entries from the cache. Keeps the `keep` most recently used entries of each step, and
 * all that another build may be using. Also removes the leftovers of killed builds: see {@link
 * sweepCache}.
 */
export async function cleanCache(cacheDirectory: string, keep: number): Promise<void> {
  for (const step of await list(cacheDirectory)) {
    const shelf = join(cacheDirectory, step);
    const entries = await Promise.all(
      (await list(shelf)).map(async (name) => {
        const path = join(shelf, name);
        // Another build may have removed it just now.
        const usedAt = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
        return { name, path, usedAt };
      }),
    );
    const finished = entries.filter(({ name }) => !name.startsWith('.'));
    finished.sort((a, b) => b.usedAt - a.usedAt);
    const stale = entries.filter(
      ({ name, usedAt }) => name.startsWith('.') && Date.now() - usedAt > DAY_MS,
    );
    const unused = finished.slice(keep).filter(({ usedAt }) => Date.now() - usedAt > IN_USE_MS);
    for (const { path } of [...unused, ...stale]) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

/** Removes the unfinished entries of killed builds. */
export async function sweepCache(cacheDirectory: string, run: Runner): Promise<void> {
  for (const step of await list(cacheDirectory)) {
    await sweepFolders(join(cacheDirectory, step), run);
  }
}

/** Longer than any build takes: entries used more recently may still be in use. */
const IN_USE_MS = 6 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

async function list(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}
