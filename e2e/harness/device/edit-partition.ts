import { rename, rm } from 'node:fs/promises';
import { type PartitionName, partitionSpec, run, SECTOR_BYTES } from '@micro-linux/core';
import { editByDebugfs } from '../cli/debugfs.ts';

interface SfdiskDump {
  readonly partitiontable: {
    readonly partitions: readonly { readonly node: string; readonly start: number }[];
  };
}

/**
 * Changes the ext4 file system of a partition inside a qcow2, while no machine runs on it; snapshots
 * are lost.
 *
 * @param commands of debugfs(8).
 * @throws Error if one of them failed.
 */
export async function editPartition(
  qcow2: string,
  partition: PartitionName,
  commands: readonly string[],
): Promise<void> {
  const raw = `${qcow2}.raw`;
  await run('qemu-img', ['convert', '-O', 'raw', qcow2, raw]);
  const { stdout } = await run('sfdisk', ['--json', raw]);
  const table = JSON.parse(stdout) as SfdiskDump;
  const { number } = partitionSpec(partition);
  const found = table.partitiontable.partitions.find(({ node }) => node === `${raw}${number}`);
  if (!found) {
    throw new Error(`${qcow2} has no partition ${partition}`);
  }
  await editByDebugfs(`${raw}?offset=${found.start * SECTOR_BYTES}`, commands);
  await run('qemu-img', ['convert', '-O', 'qcow2', raw, `${qcow2}.new`]);
  await rm(raw);
  await rename(`${qcow2}.new`, qcow2);
}
