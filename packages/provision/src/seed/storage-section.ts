import {
  DevicePath,
  PARTITIONS,
  type PartitionName,
  type PartitionSpec,
  SECTOR_BYTES,
} from '@micro-linux/core';
import { diskLayout, placed } from '../disk/disk-layout.ts';
import type { DiskMatch } from '../disk/disk-match.ts';
import { type DiskSizes, neededDiskBytes } from '../disk/disk-sizes.ts';
import { formatByteSize } from '../values/byte-size.ts';

/** What determines a storage section. */
export interface StorageOptions {
  readonly disk: Pick<DiskSizes, 'slotBytes' | 'espBytes'>;
  readonly match: DiskMatch;
  /** Keep the data partition of a disk that was installed with the same sizes. */
  readonly preserveData: boolean;
}

/** One entry of `storage.config`, in curtin's format. */
export type StorageAction = Readonly<
  { type: string; id: string } & Record<string, string | number | boolean | DiskMatchRules>
>;

export type DiskMatchRules = Readonly<Record<string, string | boolean>>;

export interface StorageSection {
  readonly swap: { readonly size: 0 };
  readonly config: readonly StorageAction[];
}

/** The flags of curtin for our partition types. */
const FLAGS: Readonly<Record<PartitionName, string>> = {
  bios: 'bios_grub',
  ESP: 'boot',
  rootA: 'linux',
  rootB: 'linux',
  data: 'linux',
};

const DISK = 'disk0';

/**
 * The storage section for our partitions: one list for both firmwares, because `grub_device` is set
 * on the disk (BIOS) and on the ESP (UEFI). BIOS boot comes first although its number is 14: only
 * the last entry may use the remaining space.
 */
export function storageSection(options: StorageOptions): StorageSection {
  return {
    swap: { size: 0 },
    config: [
      disk(options),
      ...PARTITIONS.map((spec) => partition(spec, options)),
      ...formatted(options),
      mount('rootA', '/'),
      mount('ESP', DevicePath.esp),
      mount('data', DevicePath.data),
    ],
  };
}

/** Id of a partition in the list: `roota`. */
export function partitionId(name: PartitionName): string {
  return name.toLowerCase();
}

function disk({ match, preserveData }: StorageOptions): StorageAction {
  return {
    type: 'disk',
    id: DISK,
    match: matchRules(match),
    ptable: 'gpt',
    ...(preserveData ? {} : { wipe: 'superblock-recursive' }),
    preserve: preserveData,
    name: '',
    grub_device: true,
  };
}

/** `size` is always set: only then does Subiquity skip disks in use, such as its medium. */
function matchRules({ size, serial, model, path, ssd }: DiskMatch): DiskMatchRules {
  return {
    size,
    ...(serial === undefined ? {} : { serial }),
    ...(model === undefined ? {} : { model }),
    ...(path === undefined ? {} : { path }),
    ...(ssd === undefined ? {} : { ssd }),
  };
}

function partition(spec: PartitionSpec, { disk: sizes, preserveData }: StorageOptions) {
  const layout = diskLayout({ ...sizes, sizeBytes: neededDiskBytes(sizes) });
  const { start, sectors } = placed(layout, spec.name);
  return {
    type: 'partition',
    id: partitionId(spec.name),
    device: DISK,
    number: spec.number,
    // Otherwise Subiquity would omit the gap before the ESP that our own disks have.
    ...(spec.name === 'ESP' ? { offset: start * SECTOR_BYTES } : {}),
    size: spec.name === 'data' ? -1 : formatByteSize(sectors * SECTOR_BYTES),
    flag: FLAGS[spec.name],
    ...(spec.name === 'ESP' ? { grub_device: true } : {}),
    preserve: preserveData,
    ...(preserveData && spec.name === 'data' ? {} : { wipe: 'superblock' }),
    partition_name: spec.name,
    ...(FLAGS[spec.name] === 'linux' ? { partition_type: spec.type } : {}),
  };
}

function formatted({ preserveData }: StorageOptions): readonly StorageAction[] {
  return PARTITIONS.filter(({ name }) => name !== 'bios').map(({ name }) => ({
    type: 'format',
    id: formatId(name),
    volume: partitionId(name),
    fstype: name === 'ESP' ? 'fat32' : 'ext4',
    label: name,
    ...(preserveData && name === 'data' ? { preserve: true } : {}),
  }));
}

function mount(name: PartitionName, path: string): StorageAction {
  return { type: 'mount', id: `mount-${partitionId(name)}`, device: formatId(name), path };
}

function formatId(name: PartitionName): string {
  return `format-${partitionId(name)}`;
}
