import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EspPath, MIB, readBootEnv } from '@micro-linux/core';
import { generateKeyPair } from '@micro-linux/update-image/write';
import { getVariables, readBlockFile } from 'grubenv';
import { describe, expect, it } from 'vitest';
import { applyDevice } from '../src/apply/apply-device.testdata.ts';
import { fakeSystemd } from '../src/health/fake-systemd.testdata.ts';
import { sampleUpdate } from '../src/slot-image/sample-update.testdata.ts';
import { NO_SMALL_DISK, type SmallDisk, smallDisk, stateOn } from '../src/small-disk.testdata.ts';
import { keepReserve, RESERVE_BYTES } from '../src/state/reserve.ts';
import { TRIAL } from '../src/state/trial.testdata.ts';
import { writeTrial } from '../src/state/trial.ts';
import { FACTORY, type TestDevice, testDevice } from '../src/testing.ts';

/*
 * Every command of the agent with a data partition that is full, read-only, or gives errors. A tmpfs
 * stands in for the ext4, which no ordinary user can mount.
 */

const DISK_BYTES = RESERVE_BYTES + 2 * MIB;

interface Trouble {
  readonly name: string;
  /** Whether required state can be saved anyway. */
  readonly keeps: boolean;
  readonly problem: string;
  /** Prepares the disk, and breaks it after the device has its state. */
  cause(disk: SmallDisk): Promise<void> | void;
}

const TROUBLES: readonly Trouble[] = [
  {
    name: 'full, with the reserve',
    keeps: true,
    problem: 'the data partition is full',
    cause(disk) {
      keepReserve(join(disk.path, 'state'));
      disk.fill();
    },
  },
  {
    name: 'full, without a reserve',
    keeps: false,
    problem: 'the data partition is full',
    cause: (disk) => disk.fill(),
  },
  {
    name: 'read-only',
    keeps: false,
    problem: 'the data partition is read-only',
    cause: (disk) => disk.readOnly(),
  },
  {
    name: 'damaged: directories where files belong, and files that give read errors',
    keeps: false,
    problem: '',
    cause(disk) {
      const at = (name: string) => join(disk.path, 'state', name);
      for (const name of FILES) {
        rmSync(at(name), { recursive: true, force: true });
        mkdirSync(join(`${at(name)}.new`, 'x'), { recursive: true });
        // Reading it from its start is an input/output error.
        symlinkSync('/proc/self/mem', at(name));
      }
    },
  },
];

const FILES = ['health.json', 'trial-health.json', 'rollback-index', 'history.jsonl', 'trial.json']
  .concat(['rejected.json', 'trial-failure', 'trial-deadline', 'apply.json'])
  .concat(['slots/A.head', 'slots/B.head']);

/** Slot B is on trial and healthy, with a higher rollback index than any before. */
async function onTrial(trouble: Trouble, rollbackIndex = 6): Promise<TestDevice> {
  const device = testDevice('B', { ...FACTORY, trial: { slot: 'B', tries: 1 } });
  const disk = await smallDisk(DISK_BYTES);
  stateOn(device, disk);
  writeTrial(device.system.paths.state, TRIAL);
  const image = JSON.parse(readFileSync(device.system.paths.imageInfo, 'utf8'));
  writeFileSync(device.system.paths.imageInfo, JSON.stringify({ ...image, rollbackIndex }));
  const runs = { active: 'active' };
  const units = [...TRIAL.baseline.units, 'ssh.service', 'systemd-networkd.service'];
  fakeSystemd(device, Object.fromEntries(units.map((unit) => [unit, runs])));
  device.listen('127.0.0.1:22', 'SSH-2.0-test');
  for (const host of TRIAL.baseline.hosts) {
    device.listen(host, '');
  }
  writeFileSync(
    device.system.paths.routes[0],
    'Iface Destination Gateway Flags RefCnt Use Metric Mask\neth0 00000000 0100000A 0003 0 0 0 00000000\n',
  );
  await trouble.cause(disk);
  return device;
}

const envOf = (device: TestDevice) =>
  readBootEnv(getVariables(readBlockFile(device.esp(EspPath.env)))).env;

describe.skipIf(NO_SMALL_DISK).each(TROUBLES)('a data partition that is $name', (trouble) => {
  it('does not make a healthy boot unhealthy', async () => {
    const device = await onTrial(trouble);
    const { exitCode, stdout, stderr } = await device.agent('health', '--record');
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/\nhealthy\n$/);
    expect(stderr).toContain(trouble.problem);
    if (trouble.keeps) {
      expect(JSON.parse(readFileSync(device.state('health.json'), 'utf8')).healthy).toBe(true);
    } else {
      expect(stderr).toContain('the report of the health checks was not saved');
      expect(device.journal.join()).toContain('the report of the health checks was not saved');
    }
  });

  it('does not make an unhealthy boot healthy', async () => {
    const device = await onTrial(trouble);
    fakeSystemd(device, {});
    expect((await device.agent('health', '--record')).exitCode).toBe(1);
  });

  it('lets a boot be confirmed with its rollback index, or not at all', async () => {
    const device = await onTrial(trouble);
    const { exitCode, stdout, stderr } = await device.agent('mark-boot');
    if (trouble.keeps) {
      expect(stderr).toBe('');
      expect(readFileSync(device.state('rollback-index'), 'utf8')).toBe('6\n');
      expect(envOf(device)).toMatchObject({ confirmed: 'B', success: true });
      const { stdout: history } = await device.agent('history');
      expect(history).toContain('confirmed');
    } else {
      expect(exitCode).toBe(1);
      expect(stdout + stderr).toContain(
        'slot B is not confirmed: what its image requires of later updates cannot be saved',
      );
      expect(envOf(device)).toMatchObject({ confirmed: 'A' });
      expect(device.remounts()).toBe(0);
      expect(existsSync(join(device.system.paths.run, 'confirmed'))).toBe(false);
    }
  });

  it('does not keep a boot from being confirmed that raises no rollback index', async () => {
    const device = await onTrial(trouble, 0);
    expect((await device.agent('mark-boot')).exitCode).toBe(0);
    expect(envOf(device)).toMatchObject({ confirmed: 'B', success: true });
  });

  it('is shown by status', async () => {
    const device = await onTrial(trouble);
    const { exitCode, stdout, stderr } = await device.agent('status');
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain(trouble.problem);
  });

  it.each([
    ['apply', '--no-reboot', 'UPDATE'],
    ['rollback', '--no-reboot'],
    ['verify'],
    ['history'],
    ['mark-boot', '--bad'],
  ])('%s succeeds or fails with an error that names the problem', async (...argv) => {
    const key = generateKeyPair();
    const update = await sampleUpdate({ privatePems: [key.privatePem] });
    const device = applyDevice();
    device.trust(key.publicPem);
    const disk = await smallDisk(DISK_BYTES);
    stateOn(device, disk);
    await trouble.cause(disk);
    const { exitCode, stdout } = await device.agent(
      ...argv.map((word) => (word === 'UPDATE' ? update.path : word)),
      '--json',
    );
    const { ok, code } = JSON.parse(stdout);
    expect([ok, code]).not.toContain('internal');
    expect(ok, stdout).toBe(exitCode === 0 || exitCode === 4);
    await update.remove();
  });
});
