import { expect, test } from 'vitest';
import { planTakeDown } from './plan-take-down.ts';
import { readBlockDevices } from './read-block-devices.ts';
import { type RecordedDevice, recordedSysfs, UBUNTU_LVM, VOLUME_GROUP } from './sysfs.testdata.ts';

const plan = (disk: string, devices: Readonly<Record<string, RecordedDevice>>) =>
  planTakeDown(disk, readBlockDevices(recordedSysfs(devices)));

const part = (partitionOf: string) => ({ partitionOf });

test("Ubuntu Server's LVM: ends the volume, then wipes its signature", () => {
  expect(plan('sda', UBUNTU_LVM)).toEqual({
    steps: [
      { kind: 'dm', device: '/dev/dm-0', name: 'ubuntu--vg-ubuntu--lv' },
      { kind: 'wipe', device: '/dev/sda3' },
    ],
  });
});

test('ends nothing on another disk', () => {
  expect(plan('sdb', UBUNTU_LVM)).toBeUndefined();
});

test('LVM on LUKS, with a partition of the volume: the top first', () => {
  expect(
    plan('sda', {
      sda: {},
      sda1: part('sda'),
      'dm-0': { slaves: ['sda1'], dm: ['crypt', 'CRYPT-LUKS2-abc-crypt'] },
      'dm-1': { slaves: ['dm-0'], dm: ['vg-root', 'LVM-abc'] },
      'dm-2': { slaves: ['dm-1'], dm: ['vg-root1', 'part1-LVM-abc'] },
    }),
  ).toEqual({
    steps: [
      { kind: 'dm', device: '/dev/dm-2', name: 'vg-root1' },
      { kind: 'dm', device: '/dev/dm-1', name: 'vg-root' },
      { kind: 'dm', device: '/dev/dm-0', name: 'crypt' },
      { kind: 'wipe', device: '/dev/sda1' },
    ],
  });
});

test('a thin pool, whose devices are stacked in two layers', () => {
  const result = plan('sda', {
    sda: {},
    'dm-0': { slaves: ['sda'], dm: ['vg-pool_tmeta', 'LVM-a'] },
    'dm-1': { slaves: ['sda'], dm: ['vg-pool_tdata', 'LVM-b'] },
    'dm-2': { slaves: ['dm-0', 'dm-1'], dm: ['vg-pool-tpool', 'LVM-c'] },
    'dm-3': { slaves: ['dm-2'], dm: ['vg-root', 'LVM-d'] },
    'dm-4': { slaves: ['dm-1', 'dm-3'], dm: ['vg-snap', 'LVM-e'] },
  });
  expect(result?.steps?.map(({ device }) => device)).toEqual([
    ...['/dev/dm-4', '/dev/dm-3', '/dev/dm-2', '/dev/dm-1', '/dev/dm-0', '/dev/sda'],
  ]);
});

test('a volume group of Ubuntu 24.04: ends each device once, before all devices below it', () => {
  const order = plan('sda', VOLUME_GROUP)?.steps?.map(({ device }) => device.slice(5)) ?? [];
  expect(order.toSorted()).toEqual(
    Object.keys(VOLUME_GROUP)
      .filter((name) => name !== 'sda')
      .toSorted(),
  );
  const devices: Readonly<Record<string, RecordedDevice>> = VOLUME_GROUP;
  for (const [index, name] of order.entries()) {
    const below = devices[name]?.slaves ?? [];
    expect(order.slice(0, index).filter((gone) => below.includes(gone))).toEqual([]);
  }
});

test('a RAID of two partitions of the disk, with partitions of its own', () => {
  expect(
    plan('sda', {
      sda: {},
      sda1: part('sda'),
      sda2: part('sda'),
      md0: { slaves: ['sda1', 'sda2'], md: true },
      md0p1: part('md0'),
    }),
  ).toEqual({
    steps: [
      { kind: 'md', device: '/dev/md0' },
      { kind: 'wipe', device: '/dev/sda1' },
      { kind: 'wipe', device: '/dev/sda2' },
    ],
  });
});

test('bcache, whose cache and backing device are on the disk', () => {
  expect(
    plan('sda', {
      sda: {},
      sda1: { ...part('sda'), bcache: 'cache' },
      sda2: { ...part('sda'), bcache: 'cached' },
      bcache0: { slaves: ['sda1', 'sda2'] },
    }),
  ).toEqual({
    steps: [
      { kind: 'bcache', device: '/dev/bcache0', on: ['/dev/sda1', '/dev/sda2'] },
      { kind: 'bcache-member', device: '/dev/sda1' },
      { kind: 'bcache-member', device: '/dev/sda2' },
      { kind: 'wipe', device: '/dev/sda1' },
      { kind: 'wipe', device: '/dev/sda2' },
    ],
  });
});

test('a bcache cache without a backing device is open although no device is on it', () => {
  expect(
    plan('sda', { sda: {}, sda1: { ...part('sda'), bcache: 'cache' }, sda2: part('sda') }),
  ).toEqual({
    steps: [
      { kind: 'bcache-member', device: '/dev/sda1' },
      { kind: 'wipe', device: '/dev/sda1' },
    ],
  });
});

test('a cache on a volume of the disk is closed before the volume', () => {
  const result = plan('sda', {
    sda: {},
    sda1: part('sda'),
    'dm-0': { slaves: ['sda1'], dm: ['vg-cache', 'LVM-a'], bcache: 'cache' },
  });
  expect(result?.steps).toEqual([
    { kind: 'bcache-member', device: '/dev/dm-0' },
    { kind: 'dm', device: '/dev/dm-0', name: 'vg-cache' },
    { kind: 'wipe', device: '/dev/sda1' },
  ]);
});

test.each<[string, Readonly<Record<string, RecordedDevice>>, RegExp]>([
  [
    'a RAID with another disk',
    { md0: { slaves: ['sda1', 'sdb1'], md: true } },
    /md0 \(RAID\).*also uses \/dev\/sdb1/,
  ],
  [
    'a volume on two disks',
    { 'dm-0': { slaves: ['sda1', 'sdb1'], dm: ['vg-root', 'LVM-a'] } },
    /dm-0 \(LVM vg-root\).*also uses \/dev\/sdb1/,
  ],
  [
    'a volume above a RAID with another disk',
    {
      md0: { slaves: ['sda1', 'sdb1'], md: true },
      'dm-0': { slaves: ['md0'], dm: ['vg-root', 'LVM-a'] },
    },
    /also uses .*sdb1/,
  ],
  [
    'a disk reached by two paths',
    { 'dm-0': { slaves: ['sda', 'sdb'], dm: ['mpatha', 'mpath-a'] } },
    /multipath mpatha.*also uses \/dev\/sdb/,
  ],
  [
    'something unknown',
    { drbd0: { slaves: ['sda1'] } },
    /drbd0 is open on it, and is of an unknown/,
  ],
])('refused: %s', (_title, layers, why) => {
  const disks = { sda: {}, sda1: part('sda'), sdb: {}, sdb1: part('sdb') };
  expect(plan('sda', { ...disks, ...layers })).toEqual({ refusal: expect.stringMatching(why) });
});

test('a disk with a similar name is another disk', () => {
  expect(
    plan('sda', {
      sda: {},
      sdaa: {},
      sdaa1: part('sdaa'),
      'dm-0': { slaves: ['sdaa1'], dm: ['vg-root', 'LVM-a'] },
    }),
  ).toBeUndefined();
});

const multipath = { slaves: ['sda'], dm: ['mpatha', 'mpath-360'] } as const;

test('a map of multipath over one path is closed by its own program, after its partitions', () => {
  expect(
    plan('sda', {
      sda: {},
      sda1: part('sda'),
      'dm-0': multipath,
      'dm-1': { slaves: ['dm-0'], dm: ['mpatha-part1', 'part1-mpath-360'] },
    }),
  ).toEqual({
    steps: [
      { kind: 'dm', device: '/dev/dm-1', name: 'mpatha-part1' },
      { kind: 'multipath', device: '/dev/dm-0', name: 'mpatha' },
      { kind: 'wipe', device: '/dev/sda' },
    ],
  });
});

test('a disk with a second path is refused, with the command that closes the map', () => {
  expect(
    plan('sda', { sda: {}, sdb: {}, 'dm-0': { ...multipath, slaves: ['sda', 'sdb'] } }),
  ).toEqual({
    refusal:
      '/dev/dm-0 (multipath mpatha) is open on it, and also uses /dev/sdb (`multipath -f mpatha` ends it)',
  });
});
