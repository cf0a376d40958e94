import {
  ExitCode,
  MIB,
  MicroLinuxError,
  PARTITIONS,
  type PartitionSpec,
  SECTOR_BYTES,
} from '@micro-linux/core';
import {
  BIOS_BOOT_BYTES,
  type DiskSizes,
  END_RESERVE_BYTES,
  ESP_START_BYTES,
  MINIMUM_DATA_BYTES,
} from './disk-sizes.ts';

/** A partition and its position on the disk, in sectors of 512 bytes. */
export interface PlacedPartition extends PartitionSpec {
  readonly start: number;
  readonly sectors: number;
}

const MIB_SECTORS = MIB / SECTOR_BYTES;

/** Start of the first partition: sector 2048, the alignment that every tool uses. */
const FIRST_SECTOR = MIB_SECTORS;

/**
 * Places the partitions: BIOS boot at 1 MiB, the ESP at 3 MiB, both slots, data in the rest.
 *
 * @throws MicroLinuxError `disk-too-small`.
 */
export function diskLayout(sizes: DiskSizes): readonly PlacedPartition[] {
  const espStart = ESP_START_BYTES;
  const dataStart = espStart + sizes.espBytes + 2 * sizes.slotBytes;
  const dataBytes = sizes.sizeBytes - END_RESERVE_BYTES - dataStart;
  if (dataBytes < MINIMUM_DATA_BYTES) {
    const needed = dataStart + MINIMUM_DATA_BYTES + END_RESERVE_BYTES;
    throw new MicroLinuxError({
      code: 'disk-too-small',
      message: `a disk of ${sizes.sizeBytes / MIB} MiB cannot hold two slots of ${sizes.slotBytes / MIB} MiB, the ESP and data`,
      why: `it needs at least ${needed / MIB} MiB`,
      hint: `set disk.size to ${Math.ceil(needed / MIB)}M or more, or disk.slot to less`,
      exitCode: ExitCode.usage,
    });
  }
  const places: Record<PartitionSpec['name'], readonly [start: number, bytes: number]> = {
    bios: [FIRST_SECTOR * SECTOR_BYTES, BIOS_BOOT_BYTES],
    ESP: [espStart, sizes.espBytes],
    rootA: [espStart + sizes.espBytes, sizes.slotBytes],
    rootB: [espStart + sizes.espBytes + sizes.slotBytes, sizes.slotBytes],
    data: [dataStart, dataBytes],
  };
  return PARTITIONS.map((spec) => {
    const [start, bytes] = places[spec.name];
    return { ...spec, start: start / SECTOR_BYTES, sectors: bytes / SECTOR_BYTES };
  });
}

/** The partition of a layout with this name. */
export function placed(
  layout: readonly PlacedPartition[],
  name: PartitionSpec['name'],
): PlacedPartition {
  const found = layout.find((partition) => partition.name === name);
  if (!found) {
    throw new RangeError(`no partition is named ${name}`);
  }
  return found;
}
