import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import { expect, test } from 'vitest';
import { testDevice } from '../../testing.ts';
import { planTakeDown } from './plan-take-down.ts';
import { readBlockDevices } from './read-block-devices.ts';
import { readPools } from './read-pools.ts';
import { type RecordedDevice, recordedSysfs } from './sysfs.testdata.ts';
import { takeDown } from './take-down.ts';

/** Of OpenZFS 2.2: `zpool list -H -v -P -L tank` for a mirror with a log. */
const MIRROR = `tank\t1.75G\t116K\t1.75G\t-\t-\t0%\t0%\t1.00x\tONLINE\t-
\tmirror-0\t448M\t116K\t448M\t-\t-\t0%\t0.02%\t-\tONLINE
\t/dev/vdd1\t512M\t-\t-\t-\t-\t-\t-\t-\tONLINE
\t/dev/vde1\t512M\t-\t-\t-\t-\t-\t-\t-\tONLINE
logs\t-\t-\t-\t-\t-\t-\t-\t-\t-
\t/dev/vdd2\t1.31G\t0\t1.28G\t-\t-\t0%\t0%\t-\tONLINE
`;
/** On a whole disk, on which ZFS makes two partitions. */
const WHOLE_DISK = `tank\t1.88G\t110K\t1.87G\t-\t-\t0%\t0%\t1.00x\tONLINE\t-
\t/dev/vdd1\t2.00G\t110K\t1.87G\t-\t-\t0%\t0.00%\t-\tONLINE
`;
const ENCRYPTED = WHOLE_DISK.replace('/dev/vdd1', '/dev/dm-0');

const DISKS = {
  vdd: {},
  vdd1: { partitionOf: 'vdd' },
  vdd2: { partitionOf: 'vdd' },
  vde: {},
  vde1: { partitionOf: 'vde' },
} as const satisfies Readonly<Record<string, RecordedDevice>>;

const DONE = { stdout: '', stderr: '', exitCode: 0 };

/** A machine with the pool `tank`, and what `zpool list` prints of it. */
function machine(listed: string, mounts = '') {
  const device = testDevice();
  const { paths } = device.system;
  mkdirSync(join(paths.zfsPools, 'tank'), { recursive: true });
  mkdirSync(join(paths.zfsPools, '$import'));
  writeFileSync(join(paths.zfsPools, 'arcstats'), '');
  writeFileSync(paths.mounts, mounts);
  device.answer('/usr/sbin/zpool', async () => ({ ...DONE, stdout: listed }));
  return device;
}

async function planned(
  disk: string,
  { system }: ReturnType<typeof machine>,
  disks: Readonly<Record<string, RecordedDevice>> = DISKS,
) {
  const pools = await readPools(system);
  return planTakeDown(disk, [...readBlockDevices(recordedSysfs(disks)), ...pools]);
}

test('runs no program if the kernel has no ZFS', async () => {
  const { system, ran } = testDevice();
  expect(await readPools(system)).toEqual([]);
  expect(ran).toEqual([]);
});

test('a pool on the disk is exported, and its labels are wiped', async () => {
  expect(await planned('vdd', machine(WHOLE_DISK))).toEqual({
    steps: [
      { kind: 'zfs', device: 'ZFS pool tank', name: 'tank' },
      { kind: 'wipe', device: '/dev/vdd1' },
    ],
  });
});

test('ignores a pool on another disk', async () => {
  expect(await planned('vde', machine(WHOLE_DISK))).toBeUndefined();
});

test('a pool on encryption is taken down before it', async () => {
  const disks = { ...DISKS, 'dm-0': { slaves: ['vdd1'], dm: ['c', 'CRYPT-LUKS2-a-c'] } } as const;
  expect(await planned('vdd', machine(ENCRYPTED), disks)).toEqual({
    steps: [
      { kind: 'zfs', device: 'ZFS pool tank', name: 'tank' },
      { kind: 'dm', device: '/dev/dm-0', name: 'c' },
      { kind: 'wipe', device: '/dev/vdd1' },
    ],
  });
});

test.each(['vdd', 'vde'])('a mirror is refused for each of its disks: %s', async (disk) => {
  const plan = await planned(disk, machine(MIRROR));
  expect(plan?.refusal).toMatch(
    /^ZFS pool tank is open on it, and also uses \/dev\/vd[de]1.* \(`zpool export tank` ends it\)$/,
  );
});

test.each(['tank', 'tank/home', 'tank@old'])('a pool with %s mounted is in use', async (source) => {
  const mounts = `36 25 0:41 / /home rw - zfs ${source} rw,xattr\n`;
  expect(await planned('vdd', machine(WHOLE_DISK, mounts))).toEqual({
    refusal: 'ZFS pool tank on it is mounted at /home (`zpool export tank` ends it)',
  });
});

test('a pool with a longer name is a different pool', async () => {
  const mounts = '36 25 0:41 / /home rw - zfs tanker rw,xattr\n';
  expect((await planned('vdd', machine(WHOLE_DISK, mounts)))?.refusal).toBeUndefined();
});

test('without zpool the disks of a pool are unknown, so no disk is chosen', async () => {
  const device = machine('');
  const missing = new MicroLinuxError({ code: 'tool-missing', message: 'no zpool', exitCode: 1 });
  device.answer('/usr/sbin/zpool', async () => {
    throw missing;
  });
  await expect(readPools(device.system)).rejects.toBe(missing);
});

test('a pool in use ends the installation, and nothing is wiped', async () => {
  const device = machine('');
  device.answer('/usr/sbin/zpool', async () => {
    throw new Error("cannot export 'tank': pool is busy");
  });
  const steps = [
    { kind: 'zfs', device: 'ZFS pool tank', name: 'tank' },
    { kind: 'wipe', device: '/dev/vdd1' },
  ] as const;
  await expect(takeDown(device.system, steps)).rejects.toMatchObject({
    code: 'install-layer-in-use',
    message: 'ZFS pool tank cannot be taken down: something uses it',
    hint: 'end what uses it, or install on another disk',
  });
  expect(device.ran).toEqual(['/usr/sbin/zpool export tank']);
});
