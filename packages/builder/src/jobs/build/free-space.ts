import { GIB, MicroLinuxError } from '@micro-linux/core';
import { type BuildDirectory, gatherFreeSpace } from '../../host/free-space.ts';

/**
 * Refuses a build that would fill a disk.
 *
 * @throws MicroLinuxError `disk-full`.
 */
export async function requireFreeSpace(
  places: Readonly<Record<BuildDirectory, string>>,
): Promise<void> {
  for (const { paths, freeBytes, neededBytes } of await gatherFreeSpace(places)) {
    if (freeBytes < neededBytes) {
      throw new MicroLinuxError({
        code: 'disk-full',
        message: `${(freeBytes / GIB).toFixed(1)} GiB are free; a build needs ${neededBytes / GIB} GiB`,
        why: `it writes to ${paths.join(', ')}, on one file system`,
        hint: 'free some space, or move them: --artifacts DIR, XDG_CACHE_HOME, TMPDIR',
        details: { paths: paths.join(' '), freeBytes, neededBytes },
      });
    }
  }
}
