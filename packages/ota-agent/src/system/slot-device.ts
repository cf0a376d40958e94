import { readFileSync } from 'node:fs';
import {
  isSlot,
  MicroLinuxError,
  partitionSpec,
  type Slot,
  slotPartition,
} from '@micro-linux/core';
import * as z from 'zod';

const bootInfoSchema = z.object({
  slot: z.string().refine(isSlot),
  disk: z.string().regex(/^\/dev\/[\w/-]+$/),
  root: z.string().optional(),
});

/**
 * The block device of a slot: the partition with the slot's number on the disk that the initramfs
 * found the root on.
 *
 * @param bootInfo path of the initramfs's note.
 * @throws MicroLinuxError `slot-device-unknown` when the note does not say, or says something that
 *   does not fit the partition the root is on: nothing may be written then.
 */
export function slotDevice(bootInfo: string, slot: Slot): string {
  return ownPartition(bootInfo, slotPartition(slot).number, `slot ${slot}`, { slot });
}

/**
 * The block device of the ESP, in the same way.
 *
 * @throws MicroLinuxError `slot-device-unknown`.
 */
export function espDevice(bootInfo: string): string {
  return ownPartition(bootInfo, partitionSpec('ESP').number, 'the EFI system partition', {});
}

function ownPartition(
  bootInfo: string,
  number: number,
  what: string,
  details: Readonly<Record<string, string>>,
): string {
  const unknown = (why: string) =>
    new MicroLinuxError({
      code: 'slot-device-unknown',
      message: `cannot tell which partition holds ${what}`,
      why,
      hint: 'lsblk -o NAME,PARTLABEL,PARTUUID; cat /run/micro-linux/boot.json',
      details,
    });
  const info = readInfo(bootInfo);
  if (!info) {
    throw unknown(`${bootInfo} does not name the disk that was booted`);
  }
  const expected = partitionDevice(info.disk, slotPartition(info.slot).number);
  if (info.root !== undefined && info.root !== expected) {
    throw unknown(`slot ${info.slot} should be ${expected}, but the root is ${info.root}`);
  }
  return partitionDevice(info.disk, number);
}

/** A partition's name as the kernel makes it: a `p` in between when the disk's ends in a digit. */
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
