import { KINDS } from 'micro-linux/autoinstall/lint/storage/kinds';
import type { Entry, Section } from './valid-sections.ts';

/** Values that somebody might write for any key. */
const ANYTHING: readonly unknown[] = [
  ...[null, true, false, 0, 1, -1, 2, 5, 4096, 1.5, 12.0, '', 'x', '1', '0', '-1', 'no', 'yes'],
  ...['true', 'root', 'd0', 'lv', 'esp', '/srv', '/', 'none', [], ['x'], ['d0'], [1], {}, { a: 1 }],
];

const SIZES = [
  ...[
    '1G',
    '1GB',
    '1g',
    '1GiB',
    '1.5G',
    '1.3M',
    '0',
    '0G',
    '100%',
    '33%',
    '%',
    '-5%',
    '1.5%',
    'x%',
  ],
  ...[
    '-1',
    -1,
    -2,
    0,
    1,
    512,
    1e9,
    1.5,
    1e15,
    '5P',
    '1 G',
    ' 1G',
    '+1G',
    '1e3',
    '900T',
    '4G4',
    'inf',
  ],
];
const FILE_SYSTEMS = [
  ...['btrfs', 'ext2', 'ext3', 'ext4', 'f2fs', 'fat', 'fat12', 'fat16', 'fat32', 'iso9660', 'vfat'],
  ...['jfs', 'ntfs', 'reiserfs', 'swap', 'xfs', 'zfsroot', 'zfs', 'tmpfs', 'EXT4', 'bcachefs'],
];

/** Values to try for one key. */
const BY_KEY: Readonly<Record<string, readonly unknown[]>> = {
  type: [...Object.keys(KINDS), 'bcache', 'image', 'Disk', 'lvm', 'patition'],
  size: SIZES,
  offset: [...SIZES, 1_048_576, 1_048_577, 3_221_225_472],
  ptable: ['gpt', 'msdos', 'dos', 'mbr', 'vtoc', 'unsupported', 'GPT', 'none'],
  wipe: [
    'superblock',
    'superblock-recursive',
    'zero',
    'random',
    'pvremove',
    'zeros',
    'all',
    'none',
  ],
  flag: [
    ...['bios_grub', 'boot', 'extended', 'logical', 'home', 'linux', 'lvm', 'mbr', 'msftres'],
    ...['prep', 'raid', 'swap', 'esp', 'primary', 'root', ['boot']],
  ],
  number: [1, 2, 3, 4, 5, 6, 14, 128, 129, 0, -1, '1', '2', 1.0],
  fstype: FILE_SYSTEMS,
  label: ['data', 'a-label-of-17-cha', 'x'.repeat(300), 12, 'é'],
  uuid: [
    '0fc63daf-8483-4772-8e79-3d69d8477de4',
    '0FC63DAF-8483-4772-8E79-3D69D8477DE4',
    'x',
    'g-g',
  ],
  partition_type: [
    '0fc63daf-8483-4772-8e79-3d69d8477de4',
    '83',
    '0x83',
    'linux',
    83,
    'x y',
    '8300',
  ],
  partition_name: ['data', 'x'.repeat(40), 'é"', 12],
  raidlevel: [
    ...[0, 1, 4, 5, 6, 10, '0', '1', '5', '10', 'raid0', 'raid1', 'raid4', 'raid5', 'raid6'],
    ...['raid10', 'linear', 'stripe', 'mirror', 'container', 'RAID1', 1.0, true],
  ],
  path: ['/', '/srv', '/boot', '/boot/efi', 'srv', 'none', '', '/dev/vda', '/dev/none', '//'],
  options: ['defaults', 'noatime,errors=remount-ro', ['luks'], ['luks', 'discard'], 'luks'],
  match: [
    ...[{}, { size: 'largest' }, { size: 'smallest' }, { size: 'biggest' }, { ssd: true }],
    ...[
      { ssd: false },
      { serial: 'blank-*' },
      { serial: 5 },
      { model: 'model*' },
      { vendor: null },
    ],
    ...[{ path: '/dev/vda' }, { id_path: 'path*' }, { devpath: ['x'] }, { 'install-media': true }],
    ...[
      [{ size: 'largest' }],
      [],
      'largest',
      [{ serial: 'x' }, {}],
      { serail: 'x' },
      { ssd: 'no' },
    ],
  ],
  serial: ['blank-1', 'other', 5],
  canmount: ['on', 'off', 'noauto', true, false, 'yes'],
  properties: [
    { canmount: 'maybe' },
    { canmount: true },
    { mountpoint: '/' },
    { a: [1] },
    { a: null },
  ],
  pool_properties: [{ ashift: 12 }, { ashift: [1] }, { a: null }, { a: { b: 1 } }],
  fs_properties: [{ canmount: 'maybe' }, { canmount: true }, { a: null }, { a: 1 }],
  encryption_style: ['luks_keystore', 'luks'],
  extra_options: [['-L', 'x'], '-L x', [1], '-F'],
  transport: ['tcp', 'pcie', 'x'],
  name: ['vg1', 'a b', 'md/0', 'x/y', '/dev/md1', 'md127', 'nam-e'],
  swap: [
    { size: 0 },
    { size: '1G' },
    { size: '1GiB' },
    { size: 1.5 },
    { maxsize: 'x' },
    { filename: 5 },
  ],
  grub: [
    ...[{ reorder_uefi: true }, { reorder_uefi: 'no' }, { update_nvram: 'no' }, { terminal: 5 }],
    ...[
      { install_devices: ['d0'] },
      { install_devices: 'x' },
      { bogus: 1 },
      { probe_additional_os: 1 },
    ],
    { remove_duplicate_entries: 0 },
  ],
  version: [1, 2, 3, '1'],
  mode: ['reformat_disk', 'use_gap', 'erase'],
  'sizing-policy': ['scaled', 'all', 'none'],
  'reset-partition': [true, false, '4G', '1GiB', 4096, 1.5, [1]],
  'reset-partition-only': [true, false, 'no'],
  'recovery-key': [
    true,
    false,
    {},
    { 'backup-location': '/x' },
    { 'live-location': 5 },
    'x',
    ['x'],
  ],
  encrypted: [true, false, 'no'],
  password: ['placeholder', 5, ''],
};
const LAYOUT_NAMES = ['direct', 'lvm', 'zfs', 'dd', 'hybrid', 'LVM', 'x'];
const LAYOUT_KEYS = [
  ...['name', 'mode', 'match', 'ptable', 'password', 'sizing-policy', 'recovery-key', 'encrypted'],
  ...['reset-partition', 'reset-partition-only'],
];

/** Numbers in [0, 1), the same for the same seed: mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A section with one, two or three changes chosen by `random`. */
export function mutate(section: Section, random: () => number): Section {
  const copy = structuredClone(section) as Record<string, unknown>;
  const times = 1 + Math.floor(random() ** 3 * 3);
  for (let time = 0; time < times; time++) {
    once(copy, random);
  }
  return copy;
}

function once(section: Record<string, unknown>, random: () => number): void {
  const config = section['config'] as Record<string, unknown>[] | undefined;
  if (random() < 0.06 || config === undefined) {
    ofSection(section, random);
    return;
  }
  const at = Math.floor(random() * config.length);
  const entry = config[at];
  if (!Array.isArray(config) || entry === undefined) {
    return;
  }
  const kind = random();
  if (kind < 0.68) {
    const known = KINDS[String(entry['type'])];
    const keys = [
      ...new Set(['type', 'id', ...Object.keys(known?.fields ?? {}), ...Object.keys(entry)]),
    ];
    change(entry, pick(keys, random), random, config);
  } else if (kind < 0.76) {
    delete entry[pick(Object.keys(entry), random)];
  } else if (kind < 0.84) {
    config.splice(at, 1);
  } else if (kind < 0.92) {
    const other = Math.floor(random() * config.length);
    config.splice(other, 0, ...config.splice(at, 1));
  } else {
    config.splice(at + 1, 0, { ...structuredClone(entry), id: `${entry['id']}-copy` });
  }
}

function ofSection(section: Record<string, unknown>, random: () => number): void {
  const layout = section['layout'] as Record<string, unknown> | undefined;
  if (layout !== undefined && random() < 0.8) {
    const key = pick(LAYOUT_KEYS, random);
    if (random() < 0.1) {
      delete layout[key];
    } else {
      const values = key === 'name' ? LAYOUT_NAMES : (BY_KEY[key] ?? []);
      layout[key] = pick(random() < 0.2 ? ANYTHING : values, random);
    }
    return;
  }
  const key = pick(['version', 'swap', 'grub', 'config', 'swap', 'grub'], random);
  if (key !== 'config' || random() < 0.2) {
    section[key] = pick(random() < 0.3 ? ANYTHING : (BY_KEY[key] ?? ANYTHING), random);
  }
}

function change(
  entry: Record<string, unknown>,
  key: string,
  random: () => number,
  config: readonly Entry[],
): void {
  const ids = config.map(({ id }) => id);
  const refers = KINDS[String(entry['type'])]?.refers[key] !== undefined;
  const own = refers
    ? [...ids, ids.slice(0, 1), [pick(ids, random), pick(ids, random)]]
    : BY_KEY[key];
  entry[key] = structuredClone(pick(own === undefined || random() < 0.25 ? ANYTHING : own, random));
}

function pick<T>(values: readonly T[], random: () => number): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined && values.length === 0) {
    throw new Error('there is nothing to choose from');
  }
  return value as T;
}
