/** What an entry of `storage.config` of one type is made of. */
export interface Kind {
  /** Keys it cannot be without, beside type and id. */
  readonly needs: readonly string[];
  readonly others: readonly string[];
  /** Keys that hold the id, or a list of ids, of other entries, and the types these may have. */
  readonly refers: Readonly<Record<string, readonly string[]>>;
}

/** What can be divided into partitions. */
const DIVISIBLE = ['disk', 'raid', 'device', 'dasd'];
/** What can hold a file system, a RAID or an LVM group. */
const BLOCK = ['disk', 'partition', 'raid', 'lvm_partition', 'dm_crypt', 'device', 'dasd'];

/** The types that Subiquity and curtin of 24.04 act on. */
export const KINDS: Readonly<Record<string, Kind>> = {
  disk: kind([], {
    others: ['ptable', 'serial', 'wwn', 'multipath', 'path', 'wipe', 'preserve', 'name'],
    more: ['grub_device', 'device_id', 'match'],
    refers: { nvme_controller: ['nvme_controller'] },
  }),
  partition: kind(['device', 'size'], {
    others: ['wipe', 'flag', 'number', 'preserve', 'grub_device', 'name', 'multipath', 'offset'],
    more: ['resize', 'partition_type', 'partition_name', 'path', 'uuid'],
    refers: { device: DIVISIBLE },
  }),
  format: kind(['fstype', 'volume'], {
    others: ['label', 'uuid', 'preserve', 'extra_options'],
    refers: { volume: BLOCK },
  }),
  mount: kind(['path'], {
    others: ['options', 'spec', 'fstype', 'freq', 'passno'],
    refers: { device: ['format'] },
  }),
  lvm_volgroup: kind(['name', 'devices'], { others: ['preserve'], refers: { devices: BLOCK } }),
  lvm_partition: kind(['name', 'volgroup'], {
    others: ['size', 'wipe', 'preserve', 'path'],
    refers: { volgroup: ['lvm_volgroup'] },
  }),
  raid: kind(['name', 'raidlevel'], {
    others: ['preserve', 'wipe', 'ptable', 'metadata', 'path'],
    refers: { devices: BLOCK, spare_devices: BLOCK, container: ['raid'] },
  }),
  dm_crypt: kind(['volume'], {
    others: ['key', 'keyfile', 'options', 'recovery_key', 'path', 'dm_name', 'preserve'],
    refers: { volume: BLOCK },
  }),
  zpool: kind(['vdevs', 'pool', 'mountpoint'], {
    others: ['pool_properties', 'fs_properties', 'default_features', 'encryption_style', 'keyfile'],
    refers: { vdevs: BLOCK },
  }),
  zfs: kind(['pool', 'volume'], { others: ['properties'], refers: { pool: ['zpool'] } }),
  dasd: kind(['device_id'], { others: ['blocksize', 'disk_layout', 'label', 'mode', 'preserve'] }),
  nvme_controller: kind(['transport'], { others: ['tcp_port', 'tcp_addr', 'preserve'] }),
  device: kind([], { others: ['ptable', 'path'] }),
};

/** Every key that an entry of a type may have. */
export function keysOfKind({ needs, others, refers }: Kind): readonly string[] {
  return [...new Set(['type', 'id', ...needs, ...others, ...Object.keys(refers)])];
}

function kind(
  needs: readonly string[],
  rest: {
    readonly others?: readonly string[];
    readonly more?: readonly string[];
    readonly refers?: Kind['refers'];
  },
): Kind {
  return {
    needs,
    others: [...(rest.others ?? []), ...(rest.more ?? [])],
    refers: rest.refers ?? {},
  };
}
