import { GIB, MIB } from '@micro-linux/core';
import { formatByteSize, parseByteSize } from './byte-size.ts';
import type { DiskConfig } from './config.ts';
import { Problem } from './problem.ts';

export const DEFAULT_DISK: DiskConfig = {
  sizeBytes: 8 * GIB,
  slotBytes: 2 * GIB,
  espBytes: 256 * MIB,
};

/** mkfs.vfat makes a valid FAT32 only of a partition with enough clusters. */
export const MINIMUM_ESP_BYTES = 64 * MIB;

/** Less is no use for logs, homes and an update's journal. */
export const MINIMUM_DATA_BYTES = 256 * MIB;

/** Where the ESP begins: before it lie the GPT, and from 1 MiB the BIOS boot partition. */
export const ESP_START_BYTES = 3 * MIB;

/** The backup GPT takes the last 33 sectors (UEFI spec §5.3.1); a whole MiB keeps things aligned. */
export const END_RESERVE_BYTES = MIB;

const FIXED_BYTES = ESP_START_BYTES + END_RESERVE_BYTES;

/** The smallest disk, in bytes, that holds an ESP, two slots and a data partition worth having. */
export function neededDiskBytes(disk: Pick<DiskConfig, 'slotBytes' | 'espBytes'>): number {
  return FIXED_BYTES + disk.espBytes + 2 * disk.slotBytes + MINIMUM_DATA_BYTES;
}

/** Says `disk-too-small`, with the sum, if the partitions do not fit. */
export function checkDisk(disk: DiskConfig): Problem | undefined {
  const needed = neededDiskBytes(disk);
  if (disk.sizeBytes >= needed) {
    return undefined;
  }
  const size = formatByteSize;
  return new Problem(
    `${size(disk.sizeBytes)} is too small: the disk needs ${size(needed)} = ` +
      `${size(FIXED_BYTES)} fixed + ${size(disk.espBytes)} ESP + ` +
      `2 x ${size(disk.slotBytes)} slots + ${size(MINIMUM_DATA_BYTES)} data`,
    `write ${size(needed)} or more, or smaller slots`,
    { code: 'disk-too-small', at: ['size'] },
  );
}

/** Reads the size of the ESP, in bytes; it must be large enough for FAT32. */
export function parseEspSize(size: string | number): number | Problem {
  const bytes = parseByteSize(size);
  return bytes instanceof Problem || bytes >= MINIMUM_ESP_BYTES
    ? bytes
    : new Problem(
        `${formatByteSize(bytes)} is too small for FAT32`,
        `write ${formatByteSize(MINIMUM_ESP_BYTES)} or more`,
      );
}
