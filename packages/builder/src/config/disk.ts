import { GIB, MIB } from '@micro-linux/core';
import {
  type DiskSizes,
  END_RESERVE_BYTES,
  ESP_START_BYTES,
  formatByteSize,
  MINIMUM_DATA_BYTES,
  MINIMUM_ESP_BYTES,
  neededDiskBytes,
  Problem,
  parseByteSize,
} from '@micro-linux/provision';

export const DEFAULT_DISK: DiskSizes = {
  sizeBytes: 8 * GIB,
  slotBytes: 2 * GIB,
  espBytes: 256 * MIB,
};

const FIXED_BYTES = ESP_START_BYTES + END_RESERVE_BYTES;

/** Reports `disk-too-small`, with the sum, if the partitions do not fit. */
export function checkDisk(disk: DiskSizes): Problem | undefined {
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
