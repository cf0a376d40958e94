import * as z from 'zod';
import { mountedPartition } from '../system/mounted-partition.ts';
import type { System } from '../system/system.ts';

const LSBLK = '/usr/bin/lsblk';
/** It only reads what the kernel and udev already know. */
const TIMEOUT_MS = 30_000;

const listSchema = z.object({
  blockdevices: z.array(
    z.object({
      path: z.string(),
      pkname: z.string().nullable(),
      partuuid: z.string().nullable(),
    }),
  ),
});

/**
 * Other disks with the GUID of the root partition, such as `/dev/vdb`: copies of this disk, or
 * disks of another machine that was installed from the same medium.
 *
 * @returns undefined if they cannot be determined. Never throws.
 */
export async function twinDisks(system: System): Promise<readonly string[] | undefined> {
  const root = mountedPartition(system.paths, '/');
  try {
    const { stdout } = await system.run(
      LSBLK,
      ['--json', '--list', '--paths', '--output', 'PATH,PKNAME,PARTUUID'],
      { timeoutMs: TIMEOUT_MS },
    );
    const { blockdevices } = listSchema.parse(JSON.parse(stdout));
    const guid = blockdevices.find(({ path }) => path === root?.device)?.partuuid?.toLowerCase();
    if (guid === undefined) {
      return undefined;
    }
    return blockdevices.flatMap(({ partuuid, path, pkname }) =>
      partuuid?.toLowerCase() === guid && path !== root?.device ? [pkname ?? path] : [],
    );
  } catch {
    return undefined;
  }
}
