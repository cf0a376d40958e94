import { MIB } from '@micro-linux/core';

/** Sizes of a disk's logical sectors that images are made for, in bytes; 4096 is "4Kn". */
export const SECTOR_SIZES = [512, 4096] as const;

export type SectorBytes = (typeof SECTOR_SIZES)[number];

/** Whether a disk has sectors of a size that images are made for. */
export function isSectorBytes(bytes: number): bytes is SectorBytes {
  return SECTOR_SIZES.some((one) => one === bytes);
}

/**
 * FAT32 needs 65,525 clusters, none smaller than a sector (Microsoft's FAT specification, "FAT Type
 * Determination"): with its tables 257 MiB. Microsoft asks for 260 on such disks.
 */
const MINIMUM_ESP_BYTES_4K = 260 * MIB;

/** Length of the ESP on a disk with these sectors, where `espBytes` are asked for. */
export function espBytesOn(sectorBytes: SectorBytes, espBytes: number): number {
  return sectorBytes === 4096 ? Math.max(espBytes, MINIMUM_ESP_BYTES_4K) : espBytes;
}
