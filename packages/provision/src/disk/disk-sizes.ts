import { MIB } from '@micro-linux/core';

/** Sizes in bytes, each a multiple of 1 MiB. */
export interface DiskSizes {
  readonly sizeBytes: number;
  /** Of each of the two root file systems. */
  readonly slotBytes: number;
  readonly espBytes: number;
}

/** mkfs.vfat makes a valid FAT32 only of a partition with enough clusters. */
export const MINIMUM_ESP_BYTES = 64 * MIB;

/** GRUB's core.img needs some 300 KiB; Ubuntu's cloud images give it a MiB or more. */
export const BIOS_BOOT_BYTES = MIB;

/** Less is no use for logs, homes and an update's journal. */
export const MINIMUM_DATA_BYTES = 256 * MIB;

/** Where the ESP begins: before it lie the GPT, and from 1 MiB the BIOS boot partition. */
export const ESP_START_BYTES = 3 * MIB;

/** The backup GPT takes the last 33 sectors (UEFI spec §5.3.1); a whole MiB keeps things aligned. */
export const END_RESERVE_BYTES = MIB;

/** The smallest disk, in bytes, that holds an ESP, two slots and a data partition worth having. */
export function neededDiskBytes(disk: Pick<DiskSizes, 'slotBytes' | 'espBytes'>): number {
  const fixed = ESP_START_BYTES + END_RESERVE_BYTES;
  return fixed + disk.espBytes + 2 * disk.slotBytes + MINIMUM_DATA_BYTES;
}
