/** A multipath device: the same disk, reached by several paths. */
export const MULTIPATH = 'multipath';

/** Kind of a block device, which decides how it is taken down. */
export type LayerKind =
  /** Of the device mapper: LVM, LUKS, multipath; `name` is its name there. */
  | { readonly kind: 'dm'; readonly name: string; readonly what: string }
  | { readonly kind: 'md' }
  | { readonly kind: 'bcache' }
  /** An imported pool, for which the kernel has no device; `mountedAt`: one of its file systems. */
  | { readonly kind: 'zfs'; readonly name: string; readonly mountedAt: string | undefined }
  /** A disk or partition, or something unknown. */
  | { readonly kind: 'other' };

/** One entry of /sys/class/block, or a pool of ZFS. */
export interface BlockDevice {
  /** The kernel's name: sda, sda3, dm-0; for a pool, a name that no device can have. */
  readonly name: string;
  /** Name of the disk it is a partition of; undefined for all others. */
  readonly partitionOf: string | undefined;
  /** Names of the devices below it: the kernel's `slaves`, or the output of `zpool list`. */
  readonly on: readonly string[];
  readonly layer: LayerKind;
  /** bcache has it open, as a cache or as a backing device; a bcache device may not exist. */
  readonly ofBcache: boolean;
}
