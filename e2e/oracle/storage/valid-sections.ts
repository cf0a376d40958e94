/** A storage section as in a seed. */
export type Section = Readonly<Record<string, unknown>>;
/** An entry of its list. */
export type Entry = Readonly<Record<string, unknown>>;

const DISK: Entry = {
  type: 'disk',
  id: 'd0',
  ptable: 'gpt',
  match: { size: 'largest' },
  wipe: 'superblock-recursive',
  grub_device: true,
};
const SECOND: Entry = { ...DISK, id: 'd1', grub_device: false };
const ESP: readonly Entry[] = [
  { type: 'partition', id: 'bios', device: 'd0', size: '1M', flag: 'bios_grub' },
  { type: 'partition', id: 'esp', device: 'd0', size: '512M', flag: 'boot', grub_device: true },
  { type: 'format', id: 'f-esp', volume: 'esp', fstype: 'fat32' },
  { type: 'mount', id: 'm-esp', device: 'f-esp', path: '/boot/efi' },
];

function part(id: string, size: unknown, more: Entry = {}): Entry {
  return { type: 'partition', id, device: 'd0', size, ...more };
}

function root(volume: string, fstype = 'ext4'): readonly Entry[] {
  return [
    { type: 'format', id: 'f-root', volume, fstype },
    { type: 'mount', id: 'm-root', device: 'f-root', path: '/' },
  ];
}

/** Valid sections that together use every type of entry and every key. */
export const VALID_SECTIONS: Readonly<Record<string, Section>> = {
  plain: {
    version: 1,
    swap: { size: 0 },
    grub: { reorder_uefi: false },
    config: [
      DISK,
      ...ESP,
      part('swap', '2G', { flag: 'swap', wipe: 'superblock', preserve: false }),
      part('root', '20G', { wipe: 'superblock', name: 'root' }),
      part('home', -1, {
        partition_name: 'home',
        partition_type: '933ac7e1-2eb4-4f13-b844-0e14e2aef915',
        uuid: '0fc63daf-8483-4772-8e79-3d69d8477de4',
      }),
      { type: 'format', id: 'f-swap', volume: 'swap', fstype: 'swap', label: 'swap' },
      { type: 'mount', id: 'm-swap', device: 'f-swap', path: '' },
      ...root('root', 'xfs'),
      {
        type: 'format',
        id: 'f-home',
        volume: 'home',
        fstype: 'ext4',
        extra_options: ['-i', '8192'],
      },
      { type: 'mount', id: 'm-home', device: 'f-home', path: '/home', options: 'noatime' },
    ],
  },
  numbered: {
    config: [
      DISK,
      { ...ESP[0], number: 14, offset: 1_048_576 },
      { ...ESP[1], number: 1, offset: 2_097_152 },
      ...ESP.slice(2),
      part('root', '8G', { number: 2, flag: 'linux' }),
      part('data', '50%', { number: 3 }),
      ...root('root'),
    ],
  },
  lvm: {
    config: [
      DISK,
      ...ESP,
      part('pv', -1, { flag: 'lvm' }),
      { type: 'lvm_volgroup', id: 'vg', name: 'vg0', devices: ['pv'], preserve: false },
      { type: 'lvm_partition', id: 'lv', name: 'root', volgroup: 'vg', size: '20G' },
      { type: 'lvm_partition', id: 'lv2', name: 'srv', volgroup: 'vg', size: '30%', wipe: 'zero' },
      { type: 'lvm_partition', id: 'lv3', name: 'home', volgroup: 'vg', size: -1 },
      ...root('lv', 'xfs'),
    ],
  },
  raid: {
    config: [
      DISK,
      SECOND,
      { ...DISK, id: 'd2', grub_device: false },
      ...ESP,
      part('r0', '40G', { flag: 'raid' }),
      part('r1', '40G', { device: 'd1' }),
      part('r2', '40G', { device: 'd2' }),
      {
        type: 'raid',
        id: 'md',
        name: 'md0',
        raidlevel: 'raid1',
        devices: ['r0', 'r1'],
        spare_devices: ['r2'],
        metadata: '1.2',
        preserve: false,
      },
      { type: 'lvm_volgroup', id: 'vg', name: 'vg0', devices: ['md'] },
      { type: 'lvm_partition', id: 'lv', name: 'root', volgroup: 'vg', size: '10G' },
      ...root('lv'),
    ],
  },
  'raid-table': {
    config: [
      DISK,
      SECOND,
      ...ESP,
      part('r0', '40G'),
      part('r1', '40G', { device: 'd1' }),
      { type: 'raid', id: 'md', name: 'md0', raidlevel: 0, devices: ['r0', 'r1'], ptable: 'gpt' },
      part('root', '10G', { device: 'md' }),
      ...root('root'),
    ],
  },
  crypt: {
    config: [
      DISK,
      ...ESP,
      part('boot', '1G'),
      { type: 'format', id: 'f-boot', volume: 'boot', fstype: 'ext4' },
      { type: 'mount', id: 'm-boot', device: 'f-boot', path: '/boot' },
      part('secret', '40G'),
      { type: 'dm_crypt', id: 'crypt', volume: 'secret', key: 'placeholder', dm_name: 'root' },
      { type: 'lvm_volgroup', id: 'vg', name: 'vg0', devices: ['crypt'] },
      { type: 'lvm_partition', id: 'lv', name: 'root', volgroup: 'vg', size: '90%' },
      ...root('lv'),
    ],
  },
  msdos: {
    config: [
      { ...DISK, ptable: 'msdos' },
      part('root', '20G', { flag: 'boot' }),
      part('srv', '3G'),
      part('ext', '30G', { flag: 'extended' }),
      part('l1', '5G', { flag: 'logical' }),
      part('l2', '6G', { flag: 'logical' }),
      ...root('root'),
    ],
  },
  zfs: {
    config: [
      DISK,
      ...ESP,
      part('z', '40G'),
      {
        type: 'zpool',
        id: 'pool',
        pool: 'rpool',
        vdevs: ['z'],
        mountpoint: '/',
        pool_properties: { ashift: 12 },
        fs_properties: { acltype: 'posixacl', relatime: 'on', canmount: 'off' },
      },
      {
        type: 'zfs',
        id: 'z1',
        pool: 'pool',
        volume: 'ROOT',
        properties: { canmount: 'off', mountpoint: 'none' },
      },
      {
        type: 'zfs',
        id: 'z2',
        pool: 'pool',
        volume: 'ROOT/ubuntu',
        properties: { canmount: 'on', mountpoint: '/' },
      },
    ],
  },
  zfsroot: {
    config: [DISK, ESP[0] as Entry, part('z', '40G'), ...root('z', 'zfsroot')],
  },
  btrfs: {
    config: [
      DISK,
      ...ESP,
      part('b', -1),
      ...root('b', 'btrfs'),
      { type: 'mount', id: 'm-home', device: 'f-root', path: '/home', options: 'subvol=@home' },
    ],
  },
  'whole-disk': {
    config: [
      DISK,
      { type: 'disk', id: 'd1', match: { size: 'smallest' } },
      ...ESP,
      part('root', '20G'),
      ...root('root'),
      { type: 'format', id: 'f-d1', volume: 'd1', fstype: 'xfs' },
      { type: 'mount', id: 'm-d1', device: 'f-d1', path: '/srv' },
    ],
  },
  kept: {
    config: [
      { ...DISK, wipe: undefined, preserve: true },
      { ...ESP[0], number: 1, preserve: true, offset: 1_048_576 },
      { ...ESP[1], number: 2, preserve: true, offset: 2_097_152, wipe: 'superblock' },
      ...ESP.slice(2),
      part('root', '20G', { number: 3, preserve: true, resize: true, offset: 1_073_741_824 }),
      { type: 'format', id: 'f-root', volume: 'root', fstype: 'ext4', preserve: true },
      { type: 'mount', id: 'm-root', device: 'f-root', path: '/' },
    ],
  },
  others: {
    config: [
      {
        type: 'nvme_controller',
        id: 'nvme',
        transport: 'tcp',
        tcp_addr: '10.0.0.1',
        tcp_port: 4420,
      },
      DISK,
      { ...SECOND, nvme_controller: 'nvme' },
      { type: 'dasd', id: 'dasd', device_id: '0.0.1520', blocksize: 4096, disk_layout: 'cdl' },
      { type: 'device', id: 'dev', path: '/dev/loop9' },
      ...ESP,
      part('root', '20G'),
      ...root('root'),
      { type: 'bcache', id: 'cache', backing_device: 'root', cache_device: 'esp' },
    ],
  },
  direct: { layout: { name: 'direct', match: { ssd: false }, ptable: 'gpt' } },
  'guided-lvm': {
    layout: {
      name: 'lvm',
      'sizing-policy': 'all',
      password: 'placeholder',
      'reset-partition': '4G',
    },
    swap: { size: '1G' },
  },
  'guided-zfs': { layout: { name: 'zfs', mode: 'reformat_disk', match: [{ size: 'largest' }] } },
};
