import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import { expect, test } from 'vitest';
import type { System } from '../../system/system.ts';
import { testDevice } from '../../testing.ts';
import { recordedSysfs, UBUNTU_LVM } from './sysfs.testdata.ts';
import { takeDown } from './take-down.ts';

const DONE = { stdout: '', stderr: '', exitCode: 0 };

/** A machine whose kernel removes a device on request; `onPause` runs at each pause. */
function machine(sysBlock: string, onPause: () => void = () => undefined) {
  const device = testDevice();
  device.answer('/usr/bin/udevadm', async () => DONE);
  device.answer('/usr/sbin/wipefs', async () => DONE);
  const system: System = {
    ...device.system,
    paths: { ...device.system.paths, sysBlock },
    pause: async () => onPause(),
  };
  return { ...device, system };
}

test('ends a volume, waits until the kernel has removed it, and wipes its signature', async () => {
  const sysBlock = recordedSysfs(UBUNTU_LVM);
  let pauses = 0;
  const { system, answer, ran } = machine(sysBlock, () => {
    pauses += 1;
    if (pauses === 3) {
      rmSync(join(sysBlock, 'dm-0'));
    }
  });
  answer('/usr/sbin/dmsetup', async () => DONE);
  await takeDown(system, [
    { kind: 'dm', device: '/dev/dm-0', name: 'ubuntu--vg-ubuntu--lv' },
    { kind: 'wipe', device: '/dev/sda3' },
  ]);
  expect(pauses).toBe(3);
  expect(ran).toEqual([
    '/usr/sbin/dmsetup remove --retry ubuntu--vg-ubuntu--lv',
    '/usr/sbin/wipefs --all --force /dev/sda3',
    '/usr/bin/udevadm settle --timeout=30',
  ]);
});

test('stops at a volume in use, and wipes nothing', async () => {
  const { system, answer, ran } = machine(recordedSysfs(UBUNTU_LVM));
  answer('/usr/sbin/dmsetup', async () => {
    throw new Error('Device or resource busy');
  });
  await expect(
    takeDown(system, [
      { kind: 'dm', device: '/dev/dm-0', name: 'x' },
      { kind: 'wipe', device: '/dev/sda3' },
    ]),
  ).rejects.toMatchObject({ code: 'install-layer-in-use', why: 'Device or resource busy' });
  expect(ran.some((line) => line.includes('wipefs'))).toBe(false);
});

test('reports a missing program', async () => {
  const { system, answer } = machine(recordedSysfs(UBUNTU_LVM));
  const missing = new MicroLinuxError({ code: 'tool-missing', message: 'no dmsetup', exitCode: 1 });
  answer('/usr/sbin/dmsetup', async () => {
    throw missing;
  });
  await expect(takeDown(system, [{ kind: 'dm', device: '/dev/dm-0', name: 'x' }])).rejects.toBe(
    missing,
  );
});

test('ends a RAID and bcache through the kernel', async () => {
  const sysBlock = recordedSysfs({
    sda: {},
    sda1: { partitionOf: 'sda' },
    md0: { slaves: ['sda1'], md: true },
    bcache0: { slaves: ['md0'] },
  });
  const told: string[] = [];
  const { system } = machine(sysBlock, () => {
    // The kernel's reaction to what was written, one device at a time.
    const state = join(sysBlock, 'md0/md/array_state');
    if (existsSync(join(sysBlock, 'bcache0'))) {
      told.push(readFileSync(join(sysBlock, 'bcache0/bcache/stop'), 'utf8'));
      rmSync(join(sysBlock, 'bcache0'));
    } else if (existsSync(state)) {
      told.push(readFileSync(state, 'utf8'));
      rmSync(join(sysBlock, 'md0'));
    }
  });
  mkdirSync(join(sysBlock, 'bcache0/bcache'));
  writeFileSync(join(sysBlock, 'bcache0/bcache/stop'), '');
  await takeDown(system, [
    { kind: 'bcache', device: '/dev/bcache0', on: ['/dev/md0'] },
    { kind: 'md', device: '/dev/md0' },
  ]);
  expect(told).toEqual(['1', 'clear']);
});

test('closes a cache without a backing device with its set', async () => {
  const sysBlock = recordedSysfs({ sda: {}, sda1: { partitionOf: 'sda', bcache: 'cache' } });
  const stop = join(sysBlock, 'sda1/bcache/set/stop');
  let told = '';
  const { system, ran } = machine(sysBlock, () => {
    told = readFileSync(stop, 'utf8');
    rmSync(join(sysBlock, 'sda1/bcache'), { recursive: true });
  });
  await takeDown(system, [
    { kind: 'bcache-member', device: '/dev/sda1' },
    { kind: 'wipe', device: '/dev/sda1' },
  ]);
  expect(told).toBe('1');
  expect(ran[0]).toBe('/usr/sbin/wipefs --all --force /dev/sda1');
});

test('reports a device that never disappears', async () => {
  const { system } = machine(recordedSysfs({ sda: {}, md0: { slaves: ['sda'], md: true } }));
  await expect(takeDown(system, [{ kind: 'md', device: '/dev/md0' }])).rejects.toMatchObject({
    code: 'install-layer-in-use',
  });
});
