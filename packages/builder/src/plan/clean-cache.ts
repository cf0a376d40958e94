import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes what steps left in the cache and nobody used lately: of each step the `keep` entries
 * used last stay, and all that another build may be working with; leftovers of killed builds
 * (`.new-…`) go when they are a day old.
 */
export async function cleanCache(cacheDirectory: string, keep: number): Promise<void> {
  for (const step of await list(cacheDirectory)) {
    const shelf = join(cacheDirectory, step);
    const entries = await Promise.all(
      (await list(shelf)).map(async (name) => {
        const path = join(shelf, name);
        return { name, path, usedAt: (await stat(path)).mtimeMs };
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

/** Longer than any build takes: what was used within it may still be in use. */
const IN_USE_MS = 6 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

async function list(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}
