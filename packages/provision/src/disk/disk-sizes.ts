import { MIB } from '@micro-linux/core';

/** Sizes in bytes, each a multiple of 1 MiB. */
export interface DiskSizes {
  readonly sizeBytes: number;
  /** Size of each of the two root file systems. */
  readonly slotBytes: number;
  readonly espBytes: number;
}

/** mkfs.vfat makes a valid FAT32 only if the partition has enough clusters. */
export const MINIMUM_ESP_BYTES = 64 * MIB;

/** GRUB's core.img needs some 300 KiB; Ubuntu's cloud images reserve 1 MiB or more. */
export const BIOS_BOOT_BYTES = MIB;

/** Minimum for logs, home directories and the journal of an update. */
export const MINIMUM_DATA_BYTES = 256 * MIB;

/** Start of the ESP. The GPT and, from 1 MiB, the BIOS boot partition precede it. */
export const ESP_START_BYTES = 3 * MIB;

/**
 * The backup GPT occupies the last 33 sectors (UEFI spec §5.3.1); a whole MiB keeps the alignment.
 */
export const END_RESERVE_BYTES = MIB;

/**
 * The smallest disk, in bytes, that has room for an ESP, two slots and the smallest data partition.
 */
export function neededDiskBytes(disk: Pick<DiskSizes, 'slotBytes' | 'espBytes'>): number {
  const fixed = ESP_START_BYTES + END_RESERVE_BYTES;
  return fixed + disk.espBytes + 2 * disk.slotBytes + MINIMUM_DATA_BYTES;
}
