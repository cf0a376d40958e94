import { run } from '@micro-linux/core';
import type { RawDisk } from './disk.ts';

/** A partition as sfdisk lists it. */
export interface ListedPartition {
  readonly name: string;
  readonly startSector: number;
  readonly sectors: number;
}

/** The partitions of a disk, as its table has them. */
export async function sfdiskTable(disk: RawDisk): Promise<readonly ListedPartition[]> {
  const { stdout } = await run('sfdisk', ['--json', disk.path]);
  const table = JSON.parse(stdout) as {
    readonly partitiontable: {
      readonly partitions: readonly { name: string; start: number; size: number }[];
    };
  };
  return table.partitiontable.partitions.map(({ name, start, size }) => ({
    name,
    startSector: start,
    sectors: size,
  }));
}
