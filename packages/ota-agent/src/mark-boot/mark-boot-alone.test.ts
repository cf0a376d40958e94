import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { EspPath, MicroLinuxError } from '@micro-linux/core';
import { describe, expect, it } from 'vitest';
import { envStore } from '../boot-env/env-store.ts';
import { withLock } from '../lock/lock.ts';
import { FACTORY, type TestDevice, testDevice } from '../testing.ts';
import { markBootAlone } from './mark-boot-alone.ts';

const mark = (device: TestDevice, waitSeconds = 1) =>
  markBootAlone(device.system, { pid: process.pid, waitSeconds });

/** Another agent that has the lock while `action` runs. */
const whileBusy = <T>(device: TestDevice, purpose: string, action: () => Promise<T>) =>
  withLock({ directory: device.system.paths.run, purpose, pid: 4711 }, action);

const env = (device: TestDevice) => envStore(device.system.paths.esp).readEnv().value;

describe('markBootAlone', () => {
  it('confirms while it has the lock', async () => {
    const device = testDevice();
    const { withWritableEsp } = device.system;
    let other: unknown;
    const system = {
      ...device.system,
      async withWritableEsp<T>(action: () => T): Promise<T> {
        other = await whileBusy(device, 'apply', async () => undefined).catch((error) => error);
        return withWritableEsp(action);
      },
    };
    const { written, problems } = await mark({ ...device, system });
    expect(written).toContain(EspPath.env);
    expect(problems).toEqual([]);
    expect(other).toMatchObject({
      code: 'busy',
      why: 'it runs: mark-boot',
      details: { pid: process.pid },
    });
  });

  it('waits for the other process to end', async () => {
    const device = testDevice();
    let marking: Promise<unknown> = Promise.resolve();
    await whileBusy(device, 'rollback', async () => {
      marking = mark(device, 60);
      // Long enough for it to confirm if it did not wait.
      await setTimeout(300);
      expect(device.remounts()).toBe(0);
    });
    expect(await marking).toMatchObject({ problems: [] });
    expect(env(device)).toMatchObject({ success: true });
  });

  it('confirms a boot that is not confirmed, whoever has the lock', async () => {
    const device = testDevice();
    const result = await whileBusy(device, 'verify', () => mark(device));
    expect(result.written).toContain(EspPath.env);
    expect(result.problems).toEqual([
      'another ota-agent is running: process 4711: it runs: verify',
    ]);
    expect(env(device)).toMatchObject({ success: true, counter: 3 });
  });

  it('leaves a confirmed boot alone while another one writes', async () => {
    const device = testDevice('A', { ...FACTORY, success: true });
    const before = env(device);
    const result = await whileBusy(device, 'apply', () => mark(device));
    expect(result).toMatchObject({ slot: 'A', written: [], repaired: [] });
    expect(result.problems).toHaveLength(1);
    expect(env(device)).toEqual(before);
    expect(device.remounts()).toBe(0);
  });

  it('confirms even if the lock cannot be created', async () => {
    const device = testDevice();
    // A file instead of the directory.
    writeFileSync(device.system.paths.run, '');
    const { written, problems } = await mark(device);
    expect(written).toContain(EspPath.env);
    expect(problems.join()).toContain('cannot take the lock');
  });

  it('reports its own failure once', async () => {
    const device = testDevice();
    let tried = 0;
    const system = {
      ...device.system,
      async withWritableEsp<T>(): Promise<T> {
        tried += 1;
        throw new MicroLinuxError({ code: 'esp-unwritable', message: 'no' });
      },
    };
    await expect(mark({ ...device, system })).rejects.toMatchObject({ code: 'esp-unwritable' });
    expect(tried).toBe(1);
  });
});
