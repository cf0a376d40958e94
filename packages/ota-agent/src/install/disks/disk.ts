import type { TakeDown } from '../layers/plan-take-down.ts';

/** A partition, as known without reading the disk's table. */
export interface DiskPartition {
  /** E.g. /dev/vda1. */
  readonly path: string;
  readonly number: number;
  /** Bytes from the start of the disk. */
  readonly startBytes: number;
  readonly sizeBytes: number;
  /** GPT type in lower case; undefined where there is no GPT. */
  readonly typeGuid: string | undefined;
  /** PARTUUID as lsblk shows it; undefined where there is no table. */
  readonly partUuid: string | undefined;
  /** PARTLABEL. */
  readonly name: string | undefined;
}

/** A whole disk of this machine. */
export interface Disk {
  /** E.g. /dev/vda. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Sector size that the disk reports. */
  readonly logicalBlockBytes: number;
  readonly readOnly: boolean;
  /** A USB stick, a memory card, or anything on USB. */
  readonly removable: boolean;
  readonly rotational: boolean;
  /** All its serial numbers in udev: ID_SERIAL, ID_SERIAL_SHORT, ID_WWN. */
  readonly serials: readonly string[];
  readonly model: string | undefined;
  /** Its other names, e.g. /dev/disk/by-path/…. */
  readonly links: readonly string[];
  /** Where it or something on it is mounted; swap is `[SWAP]`. */
  readonly mountPoints: readonly string[];
  /**
   * Layers on it (RAID, LVM, encryption), and how to take them down; undefined if there are none.
   */
  readonly takeDown?: TakeDown | undefined;
  readonly partitions: readonly DiskPartition[];
}

/** Describes a disk so that a person recognizes it. */
export function describeDisk(disk: Disk): string {
  const serial = disk.serials[0];
  return [
    `${disk.path}: ${(disk.sizeBytes / 2 ** 30).toFixed(1)} GiB`,
    ...(disk.model === undefined ? [] : [disk.model]),
    ...(serial === undefined ? [] : [`serial ${serial}`]),
    ...(disk.removable ? ['removable'] : []),
  ].join(', ');
}
