import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BootEnv, EspPath, type Slot } from '@micro-linux/core';
import { describe, expect, it } from 'vitest';
import { envStore } from '../boot-env/env-store.ts';
import { MessageId } from '../journal/message-ids.ts';
import { sampleHead } from '../state/head.testdata.ts';
import { raiseRollbackIndex, readRollbackIndex } from '../state/rollback-index.ts';
import { writeSlotHead } from '../state/slot-heads.ts';
import { readTrustFloor } from '../state/trust-floor.ts';
import { FACTORY, type TestDevice, testDevice } from '../testing.ts';
import { markBoot } from './mark-boot.ts';

const ALL = [EspPath.env, EspPath.envCopy, EspPath.confirmed];
const BOTH_OK = { ...FACTORY, ok: { A: true, B: true } };
const KEY = 'f'.repeat(32);

/** Description and installed head of the running image. */
function runs(device: TestDevice, slot: Slot, rollbackIndex: number): void {
  const path = device.system.paths.imageInfo;
  const image = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...image, rollbackIndex }));
  holds(device, slot, rollbackIndex);
}

const holds = (device: TestDevice, slot: Slot, rollbackIndex: number) =>
  writeSlotHead(device.system.paths.state, slot, sampleHead({ rollbackIndex }));

const blocks = (device: TestDevice) => ALL.map((path) => readFileSync(device.esp(path), 'latin1'));
const envOf = (device: TestDevice) => envStore(device.system.paths.esp).readEnv().value;
const imageDirectory = (device: TestDevice) => device.system.paths.config[2] ?? '';

describe('an image below the rollback index', () => {
  const older = (slot: Slot, env: BootEnv) => {
    const device = testDevice(slot, env);
    runs(device, slot, 3);
    raiseRollbackIndex(device.system.paths.state, 5);
    return device;
  };

  it.each([
    ['is the confirmed one', 'confirmed', { ...BOTH_OK, confirmed: 'A' }],
    ['was fallen back to', 'fallback', { ...BOTH_OK, confirmed: 'B', counter: 0 }],
    ['was picked at the console', 'manual', { ...BOTH_OK, confirmed: 'B' }],
    ['is on trial', 'trial', { ...BOTH_OK, confirmed: 'B' }],
  ] as const)('is never confirmed: it %s', async (_, reason, env) => {
    const device = older('A', env);
    device.restart('A', `micro_linux.boot=${reason}`);
    const before = blocks(device);
    await expect(markBoot(device.system)).rejects.toMatchObject({
      code: 'image-too-old',
      exitCode: 5,
      details: { slot: 'A', rollbackIndex: 3, least: 5 },
    });
    expect(blocks(device)).toEqual(before);
    expect(existsSync(join(device.system.paths.run, 'confirmed'))).toBe(false);
    expect(readRollbackIndex(device.system.paths.state)).toBe(5);
    expect(device.journal.join()).toContain(`MESSAGE_ID=${MessageId.imageTooOld}\nPRIORITY=2\n`);
  });

  it('is shown by status, as text and as JSON', async () => {
    const device = older('A', { ...BOTH_OK, confirmed: 'B' });
    const { stdout } = await device.agent('status');
    expect(stdout).toContain('TOO OLD   this image has rollback index 3');
    expect(JSON.parse((await device.agent('status', '--json')).stdout)).toMatchObject({
      imageTooOld: true,
      imageRollbackIndex: 3,
      rollbackIndex: 5,
    });
    runs(device, 'A', 5);
    expect((await device.agent('status')).stdout).not.toContain('TOO OLD');
  });

  it('is confirmed at root’s request, for this boot only; the index does not change', async () => {
    const device = older('A', { ...BOTH_OK, confirmed: 'B' });
    expect(await device.agent('mark-boot')).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('ota-agent mark-boot --accept-older-index'),
    });
    expect(await device.agent('mark-boot', '--accept-older-index')).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('accepted for this boot'),
    });
    expect(envOf(device)).toMatchObject({ confirmed: 'A', success: true });
    expect(readRollbackIndex(device.system.paths.state)).toBe(5);
    device.restart('A');
    await expect(markBoot(device.system)).rejects.toMatchObject({ code: 'image-too-old' });
  });

  describe('when all blocks are lost, which starts slot A whatever it contains', () => {
    const lost = () => {
      const device = older('A', BOTH_OK);
      for (const path of ALL) {
        writeFileSync(device.esp(path), new Uint8Array(1024));
      }
      device.restart('A', 'micro_linux.boot=unknown');
      return device;
    };

    it('switches to the other slot if that is new enough, and stays bootable', async () => {
      const device = lost();
      holds(device, 'B', 5);
      await expect(markBoot(device.system)).rejects.toMatchObject({ code: 'image-too-old' });
      expect(envOf(device)).toMatchObject({
        confirmed: 'B',
        success: false,
        ok: { A: true, B: true },
      });
      expect(envStore(device.system.paths.esp).readMarker().value).toBe('B');
    });

    it.each([[4], [undefined]])('writes nothing if that has index %s', async (index) => {
      const device = lost();
      if (index !== undefined) {
        holds(device, 'B', index);
      }
      const before = blocks(device);
      await expect(markBoot(device.system)).rejects.toMatchObject({ code: 'image-too-old' });
      expect(blocks(device)).toEqual(before);
    });
  });
});

describe('the other slot, once the running one is confirmed', () => {
  const confirmed = async (other: number | undefined, index = 5) => {
    const device = testDevice('B', { ...BOTH_OK, trial: { slot: 'B', tries: 1 } });
    runs(device, 'B', index);
    if (other !== undefined) {
      holds(device, 'A', other);
    }
    await markBoot(device.system);
    return envOf(device)?.ok;
  };

  it('is no longer ok when its image is below the index or unknown', async () => {
    expect(await confirmed(4)).toEqual({ A: false, B: true });
    expect(await confirmed(undefined)).toEqual({ A: false, B: true });
  });

  it('stays ok when its image is not below it, or the index does not rise', async () => {
    expect(await confirmed(5)).toEqual({ A: true, B: true });
    expect(await confirmed(6)).toEqual({ A: true, B: true });
    expect(await confirmed(undefined, 0)).toEqual({ A: true, B: true });
  });
});

it('a power cut before the first block is written leaves the old slot able to be confirmed', async () => {
  const device = testDevice('B', { ...BOTH_OK, trial: { slot: 'B', tries: 1 } });
  runs(device, 'B', 5);
  const system = {
    ...device.system,
    async withWritableEsp<T>(): Promise<T> {
      throw new Error('power cut');
    },
  };
  await expect(markBoot(system)).rejects.toThrow('power cut');
  device.restart('A');
  runs(device, 'A', 3);
  expect((await markBoot(device.system)).problems).toEqual([]);
  expect(envOf(device)).toMatchObject({ confirmed: 'A', success: true });
});

it('after a power cut once the first block is written, the next mark of that slot finishes the work', async () => {
  const device = testDevice('B', { ...BOTH_OK, trial: { slot: 'B', tries: 1 } });
  runs(device, 'B', 5);
  holds(device, 'A', 3);
  const { withWritableEsp } = device.system;
  const system = {
    ...device.system,
    async withWritableEsp<T>(action: () => T): Promise<T> {
      await withWritableEsp(action);
      throw new Error('power cut');
    },
  };
  await expect(markBoot(system)).rejects.toThrow('power cut');
  expect(readRollbackIndex(device.system.paths.state)).toBe(0);
  expect(envOf(device)).toMatchObject({ confirmed: 'B', ok: { A: false, B: true } });
  device.restart('B');
  await markBoot(device.system);
  expect(readRollbackIndex(device.system.paths.state)).toBe(5);
});

describe('revoked keys and number of signatures of an image', () => {
  const onTrial = () => {
    const device = testDevice('B', { ...BOTH_OK, trial: { slot: 'B', tries: 1 } });
    writeFileSync(join(imageDirectory(device), 'revoked-keys'), `${KEY} # stolen\n`);
    writeFileSync(join(imageDirectory(device), 'config.yaml'), 'signatures: {threshold: 2}\n');
    return device;
  };

  it('are on the disk before the first block is written, and take effect after the last', async () => {
    const device = onTrial();
    const { withWritableEsp } = device.system;
    let asked = 0;
    const system = {
      ...device.system,
      async withWritableEsp<T>(action: () => T): Promise<T> {
        asked += 1;
        expect(readFileSync(device.state('trust-floor.json.new'), 'utf8')).toContain(KEY);
        expect(readTrustFloor(device.system.paths.state).revoked).toEqual([]);
        return withWritableEsp(action);
      },
    };
    await markBoot(system);
    expect(asked).toBe(1);
    expect(readTrustFloor(device.system.paths.state)).toEqual({ threshold: 2, revoked: [KEY] });
  });

  it('stay when another image without them is confirmed', async () => {
    const device = onTrial();
    await markBoot(device.system);
    rmSync(join(imageDirectory(device), 'revoked-keys'));
    rmSync(join(imageDirectory(device), 'config.yaml'));
    device.restart('A');
    await markBoot(device.system);
    expect(readTrustFloor(device.system.paths.state)).toEqual({ threshold: 2, revoked: [KEY] });
  });

  it('are those of the image, not the administrator’s, which can be undone', async () => {
    const device = testDevice('B');
    writeFileSync(join(device.system.paths.config[0] ?? '', 'revoked-keys'), `${KEY}\n`);
    await markBoot(device.system);
    expect(readTrustFloor(device.system.paths.state).revoked).toEqual([]);
  });

  it('prevent the first confirmation of a slot when they cannot be saved or parsed', async () => {
    const device = onTrial();
    const before = blocks(device);
    mkdirSync(device.state('trust-floor.json.new/in-the-way'), { recursive: true });
    await expect(markBoot(device.system)).rejects.toMatchObject({ code: 'state-unwritable' });
    rmSync(device.state('trust-floor.json.new'), { recursive: true });
    writeFileSync(join(imageDirectory(device), 'revoked-keys'), 'not a key id\n');
    await expect(markBoot(device.system)).rejects.toMatchObject({ code: 'revoked-keys-invalid' });
    expect(blocks(device)).toEqual(before);
  });
});
