import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { System } from '../../system/system.ts';
import type { BlockDevice } from './block-device.ts';

export const ZPOOL = '/usr/sbin/zpool';
const TIMEOUT_MS = 120_000;

/**
 * The imported ZFS pools as layers. /sys does not show which disks ZFS has open, so the kernel
 * lists the pools, and `zpool` their devices.
 *
 * @throws MicroLinuxError `tool-missing`, `tool-failed`: the disks in use are unknown then.
 */
export async function readPools(system: System): Promise<readonly BlockDevice[]> {
  const pools = poolNames(system.paths.zfsPools);
  return Promise.all(
    pools.map(async (name) => {
      // -H -v: a line for the pool, for each group and each device; -P -L: /dev/sda1, not a link to it.
      const { stdout } = await system.run(ZPOOL, ['list', '-H', '-v', '-P', '-L', name], {
        timeoutMs: TIMEOUT_MS,
      });
      const devices = stdout.split(/\s+/).filter((word) => word.startsWith('/dev/'));
      return {
        name: `zfs:${name}`,
        partitionOf: undefined,
        on: [...new Set(devices.map((device) => basename(device)))],
        layer: { kind: 'zfs', name, mountedAt: mountPointOf(name, system.paths.mounts) },
        ofBcache: false,
      };
    }),
  );
}

/** Pools are folders, next to files with statistics about ZFS. */
function poolNames(directory: string): readonly string[] {
  try {
    return (
      readdirSync(directory, { withFileTypes: true })
        // $import is a pool that `zpool import` examines and nobody uses.
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith('$'))
        .map(({ name }) => name)
        .sort()
    );
  } catch {
    // The kernel has no ZFS loaded.
    return [];
  }
}

/** Mount point of a pool's file system: its source is the pool's name, or a name below it. */
function mountPointOf(pool: string, mountInfo: string): string | undefined {
  const line = readFileSync(mountInfo, 'utf8')
    .split('\n')
    .find((one) => {
      // proc_pid_mountinfo(5): behind " - " the type and the source.
      const [type, source = ''] = one.split(' - ')[1]?.split(' ') ?? [];
      return (
        type === 'zfs' &&
        (source === pool || (/^[/@]/.test(source.slice(pool.length)) && source.startsWith(pool)))
      );
    });
  return line?.split(' ')[4];
}
