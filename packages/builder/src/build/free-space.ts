import { mkdir, statfs } from 'node:fs/promises';
import { GIB, MicroLinuxError } from '@micro-linux/core';

/** What a build writes at most where: measured 1.7 GiB unpacked and 0.8 GiB cached, and some room. */
const NEEDED: readonly (readonly [
  directory: 'cache' | 'temporary' | 'artifacts',
  bytes: number,
])[] = [
  ['cache', 2 * GIB],
  ['temporary', 3 * GIB],
  ['artifacts', 1 * GIB],
];

/**
 * Stops a build that would fill the disk, before it starts.
 *
 * @throws MicroLinuxError `disk-full`.
 */
export async function requireFreeSpace(
  places: Readonly<Record<'cache' | 'temporary' | 'artifacts', string>>,
): Promise<void> {
  for (const [name, needed] of NEEDED) {
    const path = places[name];
    await mkdir(path, { recursive: true });
    const { bavail, bsize } = await statfs(path);
    const free = bavail * bsize;
    if (free < needed) {
      throw new MicroLinuxError({
        code: 'disk-full',
        message: `${path} has ${(free / GIB).toFixed(1)} GiB free; a build wants ${needed / GIB} GiB there`,
        hint:
          name === 'artifacts'
            ? 'free some space, or build elsewhere with --artifacts DIR'
            : `free some space, or set ${name === 'cache' ? 'XDG_CACHE_HOME' : 'TMPDIR'} to a larger disk`,
        details: { path, freeBytes: free, neededBytes: needed },
      });
    }
  }
}
