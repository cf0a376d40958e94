import { stat } from 'node:fs/promises';
import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { System } from '../../system/system.ts';

const SFDISK = '/usr/sbin/sfdisk';
const UDEVADM = '/usr/bin/udevadm';
const TIMEOUT_MS = 120_000;
/** Number of waits, 0.1 s each, for partitions to appear. */
const TRIES = 300;

export interface PartitionDiskOptions {
  readonly disk: string;
  /** Input of sfdisk. */
  readonly script: string;
  /** Keep the content of the partitions. */
  readonly keep: boolean;
  /** Devices that must exist afterwards. */
  readonly partitions: readonly string[];
}

/**
 * Writes a partition table, and waits until kernel and udev have its partitions.
 *
 * @throws MicroLinuxError `partitions-missing`; `tool-failed` of sfdisk.
 */
export async function partitionDisk(
  system: System,
  { disk, script, keep, partitions }: PartitionDiskOptions,
): Promise<void> {
  // Otherwise blkid and udev mistake old content for a file system of the new partitions. Nothing
  // outside of the partitions is wiped: the ends of the disk are already empty, and its boot code
  // must stay.
  const wipe = keep ? 'never' : 'always';
  await system.run(
    SFDISK,
    ['--quiet', '--lock=yes', '--wipe', 'never', '--wipe-partitions', wipe, disk],
    { input: script, timeoutMs: TIMEOUT_MS },
  );
  await awaitPartitions(system, disk, partitions);
}

/**
 * Waits until kernel and udev have the partitions again after a write to the whole disk: when it is
 * closed, udev reads its table again, and the partitions disappear for a moment.
 *
 * @throws MicroLinuxError `partitions-missing`.
 */
export async function awaitPartitions(
  system: System,
  disk: string,
  partitions: readonly string[],
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    await system.run(UDEVADM, ['settle', '--timeout=30'], { timeoutMs: TIMEOUT_MS });
    const there = await Promise.all(partitions.map(isBlockDevice));
    if (there.every(Boolean)) {
      return;
    }
    await system.pause(100);
  }
  throw new MicroLinuxError({
    code: 'partitions-missing',
    message: `the kernel does not show the partitions of ${disk}`,
    why: `not there: ${partitions.join(', ')}`,
    hint: 'dmesg shows why; boot the medium again',
    exitCode: ExitCode.failed,
  });
}

async function isBlockDevice(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isBlockDevice() === true;
}
