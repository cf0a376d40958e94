import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EspPath, markGood, readBootEnv, readConfirmedMarker } from '@micro-linux/core';
import { fitsFirstSector, getVariables, readBlockFile } from 'grubenv';
import { describe, expect, it } from 'vitest';
import { envStore } from '../boot-env/env-store.ts';
import { MessageId } from '../journal/message-ids.ts';
import { sayMounted } from '../system/mounted-root.testdata.ts';
import { FACTORY, type TestDevice, testDevice } from '../testing.ts';
import { markBoot } from './mark-boot.ts';

const ALL = [EspPath.env, EspPath.envCopy, EspPath.confirmed];

function configure(device: TestDevice, layer: 'etc' | 'lib', yaml: string): void {
  const directory = device.system.paths.config[layer === 'etc' ? 0 : 2] ?? '';
  writeFileSync(join(directory, 'config.yaml'), yaml);
}

function envOf(device: TestDevice, path: string) {
  return readBootEnv(getVariables(readBlockFile(device.esp(path)))).env;
}

describe('markBoot', () => {
  it('confirms the running slot in both blocks and the marker', async () => {
    const trial = { ...FACTORY, trial: { slot: 'B', tries: 2 } } as const;
    const device = testDevice('B', trial);
    expect(await markBoot(device.system)).toEqual({
      slot: 'B',
      written: ALL,
      repaired: [],
      judgement: { outcome: 'none' },
      problems: [],
    });
    for (const path of [EspPath.env, EspPath.envCopy]) {
      expect(envOf(device, path)).toEqual({
        confirmed: 'B',
        trial: undefined,
        success: true,
        counter: 3,
        fallbackCounter: 3,
        ok: { A: true, B: true },
      });
      expect(fitsFirstSector(readBlockFile(device.esp(path)))).toBe(true);
    }
    const marker = getVariables(readBlockFile(device.esp(EspPath.confirmed)));
    expect(readConfirmedMarker(marker)).toBe('B');
  });

  it('overwrites the blocks in place: GRUB knows them by their sectors', async () => {
    const device = testDevice();
    const inodes = ALL.map((path) => statSync(device.esp(path)).ino);
    await markBoot(device.system);
    expect(ALL.map((path) => statSync(device.esp(path)).ino)).toEqual(inodes);
    expect(ALL.map((path) => statSync(device.esp(path)).size)).toEqual([1024, 1024, 1024]);
  });

  it('writes nothing, and leaves the ESP read-only, when the slot is confirmed already', async () => {
    const device = testDevice();
    await markBoot(device.system);
    expect(await markBoot(device.system)).toMatchObject({ written: [] });
    expect(device.remounts()).toBe(1);
  });

  it('sets the counter to the value in the config', async () => {
    const device = testDevice();
    configure(device, 'lib', 'boot: {counter: 6}\n');
    await markBoot(device.system);
    expect(envOf(device, EspPath.env)).toMatchObject({ counter: 6, fallbackCounter: 6 });
  });

  it('confirms despite a broken config: uses the image’s config, and logs that to the journal', async () => {
    const device = testDevice();
    configure(device, 'lib', 'boot: {counter: 6}\n');
    configure(device, 'etc', 'boot: {counter: 60}\n');
    const { problems } = await markBoot(device.system);
    expect(problems.join()).toContain('config.yaml:1: boot.counter');
    expect(envOf(device, EspPath.env)).toMatchObject({ success: true, counter: 6 });
    expect(device.journal.join()).toContain(`MESSAGE_ID=${MessageId.configIgnored}`);
  });

  it('confirms even if the state directory cannot be written', async () => {
    const device = testDevice();
    writeFileSync(device.system.paths.state, 'a file in its place');
    const { written, problems } = await markBoot(device.system);
    expect(written).toEqual([EspPath.env, EspPath.envCopy]);
    expect(problems.join()).toContain('cannot ');
  });

  it('stops what would end an unconfirmed trial, also when run by hand', async () => {
    const device = testDevice('B');
    device.answer('/usr/lib/micro-linux/trial-over', async () => {
      expect(envOf(device, EspPath.env)?.confirmed, 'only once it is confirmed').toBe('B');
      return { stdout: '', stderr: '', exitCode: 0 };
    });
    device.restart('B', 'micro_linux.boot=trial');
    expect((await markBoot(device.system)).problems).toEqual([]);
    expect(device.ran).toContain('/usr/lib/micro-linux/trial-over');
    expect(existsSync(join(device.system.paths.run, 'confirmed'))).toBe(true);
  });

  it('logs to the journal that it confirmed, and that it repaired a block', async () => {
    const device = testDevice();
    writeFileSync(device.esp(EspPath.envCopy), new Uint8Array(1024));
    await markBoot(device.system);
    expect(device.journal.map((entry) => /MESSAGE_ID=(.*)/.exec(entry)?.[1])).toEqual([
      MessageId.confirmed,
      MessageId.envRepaired,
    ]);
    await markBoot(device.system);
    expect(device.journal).toHaveLength(2);
  });

  it.each([
    ['zeroed', (path: string) => writeFileSync(path, new Uint8Array(1024))],
    ['truncated', (path: string) => truncateSync(path, 100)],
    ['missing', (path: string) => rmSync(path)],
  ])('rewrites a %s block with the values of its copy', async (_, damage) => {
    const device = testDevice('A', { ...FACTORY, ok: { A: true, B: true } });
    damage(device.esp(EspPath.env));
    expect((await markBoot(device.system)).repaired).toEqual([EspPath.env]);
    expect(envOf(device, EspPath.env)?.ok).toEqual({ A: true, B: true });
    damage(device.esp(EspPath.envCopy));
    damage(device.esp(EspPath.confirmed));
    expect((await markBoot(device.system)).repaired).toEqual([EspPath.envCopy, EspPath.confirmed]);
    expect((await markBoot(device.system)).written).toEqual([]);
  });

  it('trusts no other slot when all blocks are lost', async () => {
    const device = testDevice('B');
    for (const path of ALL) {
      writeFileSync(device.esp(path), new Uint8Array(1024));
    }
    await markBoot(device.system);
    expect(envOf(device, EspPath.env)).toMatchObject({
      confirmed: 'B',
      ok: { A: false, B: true },
    });
  });

  it('writes the env block first, so that a cut right after it leaves a confirmed slot', async () => {
    const device = testDevice('B');
    const order: string[] = [];
    const store = envStore(device.system.paths.esp);
    const snapshot = () => ALL.filter((path) => !holdsA(path)).join();
    const holdsA = (path: string) => readFileSync(device.esp(path), 'latin1').includes('=A\n');
    order.push(snapshot());
    const marked = markGood(store.readEnv().value, 'B');
    store.writeEnv(marked);
    order.push(snapshot());
    expect(order).toEqual(['', EspPath.env]);
    expect((await markBoot(device.system)).written).toEqual([EspPath.envCopy, EspPath.confirmed]);
  });

  describe('of a slot whose rollback index is higher than the known one', () => {
    const TRIAL = { ...FACTORY, trial: { slot: 'B', tries: 1 } } as const;
    const onTrial = () => {
      const device = testDevice('B', TRIAL);
      const image = JSON.parse(readFileSync(device.system.paths.imageInfo, 'utf8'));
      writeFileSync(device.system.paths.imageInfo, JSON.stringify({ ...image, rollbackIndex: 6 }));
      return device;
    };

    it('has that index on the disk before the first block, and counts it after the last', async () => {
      const device = onTrial();
      const { withWritableEsp } = device.system;
      const system = {
        ...device.system,
        async withWritableEsp<T>(action: () => T): Promise<T> {
          expect(readFileSync(device.state('rollback-index.new'), 'utf8')).toBe('6\n');
          expect(existsSync(device.state('rollback-index'))).toBe(false);
          return withWritableEsp(action);
        },
      };
      expect((await markBoot(system)).problems).toEqual([]);
      expect(readFileSync(device.state('rollback-index'), 'utf8')).toBe('6\n');
    });

    it('does nothing when the index cannot be saved, by hand or not', async () => {
      const device = onTrial();
      const before = ALL.map((path) => readFileSync(device.esp(path)));
      writeFileSync(device.system.paths.state, 'a file in its place');
      await expect(markBoot(device.system)).rejects.toMatchObject({
        code: 'state-unreadable',
        message:
          'slot B is not confirmed: what its image requires of later updates cannot be saved',
        details: { slot: 'B', rollbackIndex: 6 },
      });
      expect(ALL.map((path) => readFileSync(device.esp(path)))).toEqual(before);
      expect(existsSync(join(device.system.paths.run, 'confirmed'))).toBe(false);
    });

    it('leaves the confirmed slot confirmed, and reports what could not be saved', async () => {
      const device = onTrial();
      await markBoot(device.system);
      rmSync(device.system.paths.state, { recursive: true });
      writeFileSync(device.system.paths.state, 'a file in its place');
      device.restart('B');
      const { problems } = await markBoot(device.system);
      expect(envOf(device, EspPath.env)).toMatchObject({ confirmed: 'B', success: true });
      expect(problems.join()).toContain('rollback-index');
    });
  });

  describe('writes nothing when it is unknown what runs', () => {
    it.each([
      ['the other slot is mounted', { '/': 'vda3' }, 'A', 'booted-slot-mismatch'],
      ['the mounted partition is not a slot', { '/': 'vda4' }, 'A', 'booted-slot-unknown'],
      ['the root is not a partition', {}, 'A', 'booted-slot-unknown'],
      ['the kernel command line names no slot', { '/': 'vda2' }, 'C', 'booted-slot-unknown'],
      ['the kernel command line names another slot', { '/': 'vda2' }, 'B', 'booted-slot-mismatch'],
      ['the ESP of another disk is mounted', { '/': 'vda2', esp: 'vdb1' }, 'A', 'wrong-disk'],
    ] as const)('%s', async (_, points, told, code) => {
      const device = testDevice();
      const { paths } = device.system;
      const before = ALL.map((path) => readFileSync(device.esp(path)));
      const named = Object.entries(points).map(([point, name]) => [
        point === 'esp' ? paths.esp : point,
        name,
      ]);
      sayMounted(paths, Object.fromEntries(named));
      writeFileSync(paths.cmdline, `micro_linux.slot=${told}`);
      await expect(markBoot(device.system)).rejects.toMatchObject({ code });
      expect(ALL.map((path) => readFileSync(device.esp(path)))).toEqual(before);
      expect(device.remounts()).toBe(0);
    });
  });
});
