import { readFileSync } from 'node:fs';
import {
  isSlot,
  MicroLinuxError,
  partitionSpec,
  type Slot,
  slotPartition,
} from '@micro-linux/core';
import * as z from 'zod';
import { mountedPartition } from './mounted-partition.ts';
import type { SystemPaths } from './system.ts';

const bootInfoSchema = z.object({
  slot: z.string().refine(isSlot),
  disk: z.string().regex(/^\/dev\/[\w/-]+$/),
});

type RootPaths = Pick<SystemPaths, 'bootInfo' | 'mounts' | 'sysDevBlock'>;

/**
 * The block device of a slot: the partition with the slot's number on the disk that the root is
 * mounted from.
 *
 * @throws MicroLinuxError `slot-device-unknown` when the kernel does not show which disk that is,
 *   or the record of the initramfs, which mounted data and ESP from it, names another one. Nothing
 *   may be written then.
 */
export function slotDevice(paths: RootPaths, slot: Slot): string {
  return ownPartition(paths, slotPartition(slot).number, `slot ${slot}`, { slot });
}

/**
 * The block device of the ESP, in the same way.
 *
 * @throws MicroLinuxError `slot-device-unknown`.
 */
export function espDevice(paths: RootPaths): string {
  return ownPartition(paths, partitionSpec('ESP').number, 'the EFI system partition', {});
}

function ownPartition(
  paths: RootPaths,
  number: number,
  what: string,
  details: Readonly<Record<string, string>>,
): string {
  const unknown = (why: string) =>
    new MicroLinuxError({
      code: 'slot-device-unknown',
      message: `cannot determine which partition holds ${what}`,
      why,
      hint: 'lsblk -o NAME,PARTLABEL,PARTUUID; cat /run/micro-linux/boot.json',
      details,
    });
  const { bootInfo, mounts } = paths;
  const root = mountedPartition(paths, '/');
  if (!root) {
    throw unknown(`the root is not a partition of a disk (${mounts})`);
  }
  const info = readInfo(bootInfo);
  if (!info) {
    throw unknown(`${bootInfo} does not name the disk that was booted`);
  }
  const noted = partitionDevice(info.disk, slotPartition(info.slot).number);
  if (root.device !== noted) {
    throw unknown(`slot ${info.slot} should be ${noted}, but the root is ${root.device}`);
  }
  return partitionDevice(root.disk, number);
}

/**
 * A partition's name as in the kernel: with a `p` in between if the disk's name ends in a digit.
 */
export function partitionDevice(disk: string, number: number): string {
  return `${disk}${/\d$/.test(disk) ? 'p' : ''}${number}`;
}

function readInfo(path: string): z.output<typeof bootInfoSchema> | undefined {
  try {
    return bootInfoSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
