/** What a block device is to those that end it. */
export type LayerKind =
  /** Of the device mapper: LVM, LUKS, multipath; `name` is its name there. */
  | { readonly kind: 'dm'; readonly name: string; readonly what: string }
  | { readonly kind: 'md' }
  | { readonly kind: 'bcache' }
  /** A disk or partition, or something unknown. */
  | { readonly kind: 'other' };

/** One entry of /sys/class/block. */
export interface BlockDevice {
  /** The kernel's name: sda, sda3, dm-0. */
  readonly name: string;
  /** Name of the disk it is a partition of; undefined for all others. */
  readonly partitionOf: string | undefined;
  /** Names of the devices that it lies on: the kernel's `slaves`. */
  readonly on: readonly string[];
  readonly layer: LayerKind;
  /** bcache has it open, as a cache or as what is cached; there may be no device of bcache on it. */
  readonly ofBcache: boolean;
}
