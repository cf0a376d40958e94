import {
  ANYTHING,
  BOOLEAN,
  DEVICE_PATH,
  FILE_SYSTEM_UUID,
  GROUP,
  IDS,
  MORE_IDS,
  NAME,
  NOTHING,
  oneOf,
  TEXT,
  TEXTS,
  type ValueType,
  WHOLE_NUMBER,
} from './value-types.ts';

/** The values one key of an entry may have, and what happens with others. */
export interface Field {
  readonly type: ValueType;
  /**
   * `refuses`: the installer fails. `misreads`: it continues, and the value means something else.
   * `by-version`: one of its two partitioning methods fails, the other ignores the key.
   */
  readonly otherwise: 'refuses' | 'misreads' | 'by-version';
  /** Whether the value must never be shown. */
  readonly secret?: true;
}

/** The keys of one type of entry in `storage.config`. */
export interface Kind {
  /** Required keys, in addition to type and id. */
  readonly needs: readonly string[];
  readonly fields: Readonly<Record<string, Field>>;
  /** Keys of curtin that Subiquity does not pass on. */
  readonly dropped: readonly string[];
  /** Keys with the id, or a list of ids, of other entries, and the types these may have. */
  readonly refers: Readonly<Record<string, readonly string[]>>;
}

/** What can be divided into partitions. */
const DIVISIBLE = ['disk', 'raid'];
/** What can contain a file system, a RAID or an LVM group. */
const BLOCK = ['disk', 'partition', 'raid', 'lvm_partition', 'dm_crypt'];

const must = (type: ValueType): Field => ({ type, otherwise: 'refuses' });
const should = (type: ValueType): Field => ({ type, otherwise: 'misreads' });
const inOneVersion = (type: ValueType): Field => ({ type, otherwise: 'by-version' });

/** Partition tables: `dos` is another word for `msdos`, `vtoc` is for DASDs. */
const TABLE = oneOf('gpt', 'msdos', 'dos', 'vtoc', 'unsupported', '');
const WIPE = oneOf('superblock', 'superblock-recursive', 'zero', 'random', 'pvremove', '');
const LEVELS = oneOf(
  ...[0, 1, 5, 6, 10, '0', '1', '5', '6', '10', 'raid0', 'raid1', 'raid5', 'raid6', 'raid10'],
  ...['stripe', 'mirror', 'container'],
);

/**
 * The types that Subiquity of 24.04 supports. The verdicts come from its model and from curtin's
 * handlers (`e2e/oracle/storage`), with every kind of value in every key.
 */
export const KINDS: Readonly<Record<string, Kind>> = {
  disk: kind([], {
    fields: {
      ptable: must(TABLE),
      // Disks are compared with both, and only text equals text.
      serial: must(TEXT),
      path: must(DEVICE_PATH),
      wipe: must(WIPE),
      name: must(TEXT),
      preserve: should(BOOLEAN),
      grub_device: should(BOOLEAN),
      wwn: should(TEXT),
      multipath: should(TEXT),
      device_id: should(TEXT),
      nvme_controller: should(ANYTHING),
      // Checked with the rules for disks.
      match: must(ANYTHING),
    },
    dropped: ['model', 'vendor', 'keyfile', 'type_id'],
    refers: { nvme_controller: ['nvme_controller'] },
  }),
  partition: kind(['device', 'size'], {
    fields: {
      device: must(ANYTHING),
      // Checked with the other sizes.
      size: must(ANYTHING),
      wipe: must(WIPE),
      number: must(WHOLE_NUMBER),
      flag: must(TEXT),
      path: must(DEVICE_PATH),
      preserve: should(BOOLEAN),
      grub_device: should(BOOLEAN),
      resize: should(BOOLEAN),
      name: should(TEXT),
      multipath: should(TEXT),
      offset: inOneVersion(WHOLE_NUMBER),
      // Checked with the table.
      partition_type: inOneVersion(ANYTHING),
      partition_name: inOneVersion(ANYTHING),
      uuid: inOneVersion(ANYTHING),
    },
    dropped: ['attrs'],
    refers: { device: DIVISIBLE },
  }),
  format: kind(['fstype', 'volume'], {
    fields: {
      // Checked with the file systems.
      fstype: must(ANYTHING),
      volume: must(ANYTHING),
      label: must(TEXT),
      uuid: must(FILE_SYSTEM_UUID),
      extra_options: must(TEXTS),
      preserve: should(BOOLEAN),
    },
    refers: { volume: [...BLOCK, 'device'] },
  }),
  mount: kind(['path', 'device'], {
    fields: {
      path: must(TEXT),
      device: must(ANYTHING),
      options: must(TEXT),
      spec: must(TEXT),
    },
    dropped: ['fstype', 'freq', 'passno'],
    refers: { device: ['format'] },
  }),
  lvm_volgroup: kind(['name', 'devices'], {
    fields: { name: must(NAME), devices: must(IDS), preserve: should(BOOLEAN) },
    refers: { devices: BLOCK },
  }),
  lvm_partition: kind(['name', 'volgroup'], {
    fields: {
      name: must(NAME),
      volgroup: must(ANYTHING),
      size: must(ANYTHING),
      wipe: must(WIPE),
      path: must(TEXT),
      preserve: should(BOOLEAN),
    },
    refers: { volgroup: ['lvm_volgroup'] },
  }),
  raid: kind(['name', 'raidlevel'], {
    fields: {
      name: must(TEXT),
      raidlevel: must(LEVELS),
      devices: must(MORE_IDS),
      spare_devices: must(MORE_IDS),
      wipe: must(WIPE),
      ptable: must(TABLE),
      path: must(DEVICE_PATH),
      container: must(ANYTHING),
      metadata: should(TEXT),
      preserve: should(BOOLEAN),
    },
    dropped: ['mdname'],
    refers: { devices: BLOCK, spare_devices: BLOCK, container: ['raid'] },
  }),
  dm_crypt: kind(['volume'], {
    fields: {
      volume: must(ANYTHING),
      key: { type: TEXT, otherwise: 'refuses', secret: true },
      keyfile: must(TEXT),
      options: must(TEXTS),
      path: must(TEXT),
      dm_name: must(TEXT),
      recovery_key: must(NOTHING),
      recovery_keyfile: must(TEXT),
      recovery_live_location: must(TEXT),
      recovery_backup_location: must(TEXT),
      preserve: should(BOOLEAN),
    },
    dropped: ['cipher', 'keysize', 'wipe'],
    refers: { volume: BLOCK },
  }),
  zpool: kind(['vdevs', 'pool', 'mountpoint'], {
    fields: {
      vdevs: must(IDS),
      pool: must(NAME),
      mountpoint: should(TEXT),
      pool_properties: must(GROUP),
      fs_properties: must(GROUP),
      encryption_style: must(oneOf('luks_keystore')),
      keyfile: should(TEXT),
      default_features: should(BOOLEAN),
    },
    dropped: ['preserve'],
    refers: { vdevs: BLOCK },
  }),
  zfs: kind(['pool', 'volume'], {
    fields: { pool: must(ANYTHING), volume: must(NAME), properties: must(GROUP) },
    dropped: ['preserve'],
    refers: { pool: ['zpool'] },
  }),
  dasd: kind(['device_id', 'blocksize', 'disk_layout'], {
    fields: {
      device_id: must(NAME),
      blocksize: should(WHOLE_NUMBER),
      disk_layout: should(oneOf('cdl', 'ldl')),
      label: should(TEXT),
      mode: should(oneOf('quick', 'full', 'expand')),
      preserve: should(BOOLEAN),
    },
    dropped: ['wipe', 'name'],
  }),
  nvme_controller: kind(['transport'], {
    fields: {
      transport: should(oneOf('tcp', 'pcie')),
      tcp_port: should(WHOLE_NUMBER),
      tcp_addr: should(TEXT),
      preserve: should(BOOLEAN),
    },
  }),
  device: kind(['path'], { fields: { path: must(TEXT), ptable: must(TABLE) } }),
};

/** Types of entries that curtin supports and Subiquity ignores, with all that depend on them. */
export const PASSED_OVER: readonly string[] = ['bcache', 'image'];

function kind(
  needs: readonly string[],
  rest: Pick<Kind, 'fields'> & Partial<Pick<Kind, 'dropped' | 'refers'>>,
): Kind {
  return { needs, dropped: [], refers: {}, ...rest };
}
