import { readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SystemPaths } from './system.ts';

/** A partition that is mounted, as the kernel describes it. */
export interface MountedPartition {
  /** Such as `/dev/vda2`. */
  readonly device: string;
  /** The disk it is on, such as `/dev/vda`. */
  readonly disk: string;
  /** Its number in the partition table. */
  readonly number: number;
}

/**
 * The partition that is mounted at a path, according to the kernel: its mount table has the
 * device's number, sysfs the rest. Links made by udev are not used, as a second disk may have the
 * same GUIDs and labels.
 *
 * @returns undefined when nothing is mounted there, or the mount is not of a partition.
 */
export function mountedPartition(
  { mounts, sysDevBlock }: Pick<SystemPaths, 'mounts' | 'sysDevBlock'>,
  mountPoint: string,
): MountedPartition | undefined {
  try {
    const number = topmost(readFileSync(mounts, 'utf8'), mountPoint);
    if (number === undefined) {
      return undefined;
    }
    const directory = realpathSync(join(sysDevBlock, number));
    return {
      device: `/dev/${basename(directory)}`,
      disk: `/dev/${basename(dirname(directory))}`,
      number: Number(readFileSync(join(directory, 'partition'), 'utf8')),
    };
  } catch {
    return undefined;
  }
}

/** `major:minor` of what was mounted there last; see proc_pid_mountinfo(5) for the fields. */
function topmost(table: string, mountPoint: string): string | undefined {
  const line = table.split('\n').findLast((text) => text.split(' ')[4] === mountPoint);
  return line?.split(' ')[2];
}
