/** Layout of a FAT32 file system. Offsets are bytes from the start of its partition. */
export interface FatGeometry {
  readonly sectorBytes: number;
  readonly clusterBytes: number;
  /** Start of each copy of the table. */
  readonly tables: readonly number[];
  /** Length of one copy. */
  readonly tableBytes: number;
  readonly rootCluster: number;
  /** One more than the highest cluster number. */
  readonly endCluster: number;
  /** Start of cluster 2, the first one. */
  readonly dataStart: number;
  /** The sector that counts free clusters; undefined when there is none. */
  readonly infoSector: number | undefined;
}

/** Number of bytes that {@link fatGeometry} reads. */
export const BOOT_SECTOR_BYTES = 512;

/** From this number of clusters on a file system is FAT32, not FAT16 (Microsoft FAT specification, page 14). */
const LEAST_CLUSTERS = 65_525;

/**
 * Reads the BIOS parameter block (Microsoft FAT specification, pages 7 to 13).
 *
 * @param sector the first {@link BOOT_SECTOR_BYTES} bytes of the partition.
 * @param partitionBytes length of the partition.
 * @returns undefined when this is not a FAT32 file system that fits into the partition.
 */
export function fatGeometry(sector: Buffer, partitionBytes: number): FatGeometry | undefined {
  const sectorBytes = sector.readUInt16LE(11);
  const clusterSectors = sector.readUInt8(13);
  const reservedSectors = sector.readUInt16LE(14);
  const copies = sector.readUInt8(16);
  const rootEntries = sector.readUInt16LE(17);
  const totalSectors = sector.readUInt32LE(32);
  const tableSectors = sector.readUInt32LE(36);
  const rootCluster = sector.readUInt32LE(44);
  const infoSector = sector.readUInt16LE(48);
  const isFat32 =
    sector.readUInt16LE(510) === 0xaa55 &&
    [512, 1024, 2048, 4096].includes(sectorBytes) &&
    isPowerOfTwo(clusterSectors) &&
    reservedSectors > 0 &&
    copies > 0 &&
    rootEntries === 0 &&
    sector.readUInt16LE(22) === 0 &&
    tableSectors > 0;
  if (!isFat32 || totalSectors * sectorBytes > partitionBytes) {
    return undefined;
  }
  const dataSector = reservedSectors + copies * tableSectors;
  const clusters = Math.floor((totalSectors - dataSector) / clusterSectors);
  const tableBytes = tableSectors * sectorBytes;
  if (clusters < LEAST_CLUSTERS || (clusters + 2) * 4 > tableBytes) {
    return undefined;
  }
  const hasInfo = infoSector > 0 && infoSector < reservedSectors;
  return {
    sectorBytes,
    clusterBytes: clusterSectors * sectorBytes,
    tables: Array.from(
      { length: copies },
      (_, index) => reservedSectors * sectorBytes + index * tableBytes,
    ),
    tableBytes,
    rootCluster,
    endCluster: clusters + 2,
    dataStart: dataSector * sectorBytes,
    infoSector: hasInfo ? infoSector * sectorBytes : undefined,
  };
}

/** Offset of a cluster in the partition. */
export function clusterOffset(geometry: FatGeometry, cluster: number): number {
  return geometry.dataStart + (cluster - 2) * geometry.clusterBytes;
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
