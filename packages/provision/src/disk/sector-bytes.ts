import { MIB } from '@micro-linux/core';

/** Logical sector sizes that images are made for, in bytes; 4096 is "4Kn". */
export const SECTOR_SIZES = [512, 4096] as const;

export type SectorBytes = (typeof SECTOR_SIZES)[number];

/** Whether images are made for disks with this sector size. */
export function isSectorBytes(bytes: number): bytes is SectorBytes {
  return SECTOR_SIZES.some((one) => one === bytes);
}

/**
 * FAT32 needs 65,525 clusters of at least one sector (Microsoft's FAT specification, "FAT Type
 * Determination"); with its tables that is 257 MiB. Microsoft recommends 260 MiB for such disks.
 */
const MINIMUM_ESP_BYTES_4K = 260 * MIB;

/** Length of the ESP on a disk with these sectors if `espBytes` are requested. */
export function espBytesOn(sectorBytes: SectorBytes, espBytes: number): number {
  return sectorBytes === 4096 ? Math.max(espBytes, MINIMUM_ESP_BYTES_4K) : espBytes;
}
