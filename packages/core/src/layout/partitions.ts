import type { Slot } from './slots.ts';

export const SECTOR_BYTES = 512;
export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;

/** GPT partition type GUIDs, in lower case (UEFI spec 2.10 §5.3.3; Discoverable Partitions). */
const PartitionType = {
  biosBoot: '21686148-6449-6e6f-744e-656564454649',
  esp: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  linuxFilesystem: '0fc63daf-8483-4772-8e79-3d69d8477de4',
} as const;

export type PartitionName = 'bios' | 'ESP' | 'rootA' | 'rootB' | 'data';

/** A partition that every disk of this project has. */
export interface PartitionSpec {
  /**
   * Number in the GPT; 14 for BIOS boot as in Ubuntu's cloud images, so that 1–4 follow the spec.
   */
  readonly number: number;
  /** PARTLABEL. */
  readonly name: PartitionName;
  readonly type: string;
}

/**
 * In the order on the disk. Scripts on the device repeat some numbers:
 * packages/builder/test/layout-in-scripts.test.ts compares them with this table.
 */
export const PARTITIONS: readonly PartitionSpec[] = [
  { number: 14, name: 'bios', type: PartitionType.biosBoot },
  { number: 1, name: 'ESP', type: PartitionType.esp },
  { number: 2, name: 'rootA', type: PartitionType.linuxFilesystem },
  { number: 3, name: 'rootB', type: PartitionType.linuxFilesystem },
  { number: 4, name: 'data', type: PartitionType.linuxFilesystem },
];

/** The spec of a partition by its PARTLABEL. */
export function partitionSpec(name: PartitionName): PartitionSpec {
  const spec = PARTITIONS.find((partition) => partition.name === name);
  if (!spec) {
    throw new RangeError(`no partition is named ${name}`);
  }
  return spec;
}

/** The partition of a slot. */
export function slotPartition(slot: Slot): PartitionSpec {
  return partitionSpec(slot === 'A' ? 'rootA' : 'rootB');
}
