import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { type TrustPolicy, type UpdateHead, verifyHead } from '@micro-linux/update-image';
import type { System } from '../system/system.ts';
import { withFloor } from '../trust/load-trust.ts';
import { readDeviceFloor } from './write/data-partition.ts';

/**
 * Kept data contain the limits set by images that were healthy: an older image could not be
 * confirmed, and a key that was revoked on the device does not count, whatever the medium says.
 *
 * @param path the data partition that is kept.
 * @param head head of the medium's update.
 * @throws MicroLinuxError `rollback-index`, what `verifyHead` throws, `state-damaged`.
 */
export async function refuseBelowFloor(
  { system, trust }: { readonly system: System; readonly trust: TrustPolicy },
  path: string,
  head: UpdateHead,
): Promise<void> {
  const floor = await readDeviceFloor(system, path);
  const { rollbackIndex } = head.manifest;
  if (rollbackIndex < floor.rollbackIndex) {
    throw new MicroLinuxError({
      code: 'rollback-index',
      message: `the image's rollback index is ${rollbackIndex}, the device has had ${floor.rollbackIndex}`,
      why: 'the image has a flaw that was fixed since',
      hint: 'install a newer image, or without keeping data',
      exitCode: ExitCode.rejected,
      details: { rollbackIndex, least: floor.rollbackIndex },
    });
  }
  verifyHead(head, withFloor(trust, floor.trust));
}
