import { writeFileSync } from 'node:fs';
import { EspPath } from '@micro-linux/core';
import { describe, expect, it } from 'vitest';
import { markBoot } from '../mark-boot/mark-boot.ts';
import { readRejections } from '../state/rejected.ts';
import { readRollbackIndex } from '../state/rollback-index.ts';
import { TRIAL } from '../state/trial.testdata.ts';
import { readTrial, writeTrial } from '../state/trial.ts';
import { readStatus } from '../status/status.ts';
import { testDevice } from '../testing.ts';
import {
  armed,
  cameBack,
  envOf,
  HEALTHY_A,
  history,
  told,
  useTry,
} from './trial-device.testdata.ts';

describe('a trial that is healthy', () => {
  it('is confirmed, recorded and removed', async () => {
    const device = armed();
    useTry(device);
    device.restart('B', 'micro_linux.boot=trial');
    expect((await markBoot(device.system)).judgement.outcome).toBe('running');
    expect(envOf(device)).toMatchObject({ confirmed: 'B', ok: { A: true, B: true } });
    expect(told(device)).toEqual(['confirmed B 2.0.0']);
    expect(readTrial(device.system.paths.state)).toBeUndefined();
    expect(await readStatus(device.system)).toMatchObject({
      lastUpdate: { version: '2.0.0', outcome: 'confirmed', reason: null },
    });
  });

  it('is recorded once, after any number of power cuts', async () => {
    const device = armed();
    useTry(device);
    device.restart('B', 'micro_linux.boot=trial');
    await markBoot(device.system);
    // As after a power cut before the trial was removed.
    writeTrial(device.system.paths.state, TRIAL);
    device.restart('B');
    await markBoot(device.system);
    expect(told(device)).toEqual(['confirmed B 2.0.0']);
    expect(readTrial(device.system.paths.state)).toBeUndefined();
  });

  it('removes an earlier rejection of the same image', async () => {
    const device = cameBack();
    await markBoot(device.system);
    expect(readRejections(device.system.paths.state)).toHaveLength(1);
    writeTrial(device.system.paths.state, { ...TRIAL, armedAt: '2030-01-03T00:00:00.000Z' });
    device.restart('B', 'micro_linux.boot=trial');
    await markBoot(device.system);
    expect(readRejections(device.system.paths.state)).toEqual([]);
  });
});

describe('a trial that is armed', () => {
  it('stays armed when the running slot is marked before the restart', async () => {
    const device = armed(2);
    expect((await markBoot(device.system)).judgement.outcome).toBe('waiting');
    expect(envOf(device)?.trial).toEqual({ slot: 'B', tries: 2 });
    expect(readTrial(device.system.paths.state)).toBeDefined();
    expect((await readStatus(device.system)).lastUpdate).toMatchObject({ outcome: 'pending' });
  });

  it('stays armed when one of its tries failed and others are left', async () => {
    const device = armed(2);
    useTry(device);
    device.restart('A', 'micro_linux.boot=confirmed micro_linux.skipped=B');
    await markBoot(device.system);
    expect(envOf(device)).toMatchObject({ success: true, trial: { slot: 'B', tries: 1 } });
    expect(told(device)).toEqual(['confirmed A 0.1.0']);
    useTry(device);
    device.restart('A', 'micro_linux.boot=confirmed micro_linux.skipped=B');
    expect((await markBoot(device.system)).judgement.outcome).toBe('failed');
    expect(envOf(device)?.trial).toBeUndefined();
  });

  it('is lost, not failed, when GRUB’s environment was damaged before it could start', async () => {
    const device = armed();
    writeFileSync(device.esp(EspPath.env), new Uint8Array(1024));
    device.restart('A');
    expect((await readStatus(device.system)).lastUpdate?.outcome).toBe('interrupted');
    expect((await markBoot(device.system)).judgement.outcome).toBe('lost');
    expect(told(device)).toEqual(['interrupted B 2.0.0', 'confirmed A 0.1.0']);
    expect(readRejections(device.system.paths.state)).toEqual([]);
    expect(readTrial(device.system.paths.state)).toBeUndefined();
  });

  it('is lost when power was cut before GRUB was set to try it, and its image is not rejected', async () => {
    const device = testDevice('A', HEALTHY_A);
    writeTrial(device.system.paths.state, {
      ...TRIAL,
      bootId: '11111111-1111-4111-8111-111111111111',
    });
    device.restart('A');
    expect((await markBoot(device.system)).judgement.outcome).toBe('lost');
    expect(told(device)).toEqual(['interrupted B 2.0.0', 'confirmed A 0.1.0']);
    expect(readRejections(device.system.paths.state)).toEqual([]);
  });

  it('an earlier trial does not count for the current one', async () => {
    const device = cameBack();
    await markBoot(device.system);
    writeTrial(device.system.paths.state, { ...TRIAL, armedAt: '2030-01-03T00:00:00.000Z' });
    device.restart('A');
    expect((await markBoot(device.system)).judgement.outcome).toBe('lost');
  });

  it('has failed when the environment was damaged but the slot left a trace', async () => {
    const device = armed();
    writeFileSync(device.esp(EspPath.env), new Uint8Array(1024));
    writeFileSync(device.state('trial-failure'), 'it was not confirmed within 300 s\n');
    device.restart('A');
    expect((await markBoot(device.system)).judgement.outcome).toBe('failed');
  });
});

describe('without a trial', () => {
  it('the first healthy boot starts the history', async () => {
    const device = testDevice();
    await markBoot(device.system);
    await markBoot(device.system);
    expect(history(device)).toMatchObject([{ event: 'confirmed', slot: 'A', kind: 'first-boot' }]);
    expect((await readStatus(device.system)).lastUpdate).toBeNull();
  });

  it.each([
    ['micro_linux.boot=confirmed micro_linux.skipped=A', 'GRUB could not load it'],
    ['micro_linux.boot=fallback', 'did not become healthy'],
    ['micro_linux.boot=marker', 'environment was damaged'],
  ])('a slot that takes over (%s) is recorded with the reason', async (words, reason) => {
    const device = testDevice('A', { ...HEALTHY_A, ok: { A: true, B: true } });
    await markBoot(device.system);
    device.restart('B', words);
    await markBoot(device.system);
    expect(history(device).at(-1)).toMatchObject({
      event: 'rolled-back',
      slot: 'A',
      to: 'B',
      kind: 'takeover',
      reason: expect.stringContaining(reason),
    });
    expect(readRejections(device.system.paths.state), 'an image that was healthy once').toEqual([]);
    device.restart('B');
    await markBoot(device.system);
    expect(history(device)).toHaveLength(2);
  });

  it('a slot that was picked at the console is confirmed like any other', async () => {
    const device = testDevice('A', { ...HEALTHY_A, ok: { A: true, B: true } });
    await markBoot(device.system);
    device.restart('B', 'micro_linux.boot=manual');
    await markBoot(device.system);
    expect(history(device).at(-1)).toMatchObject({
      event: 'confirmed',
      slot: 'B',
      kind: 'picked-at-console',
    });
  });

  it('the rollback index rises to the running image’s own', async () => {
    const device = testDevice();
    writeFileSync(device.system.paths.imageInfo, '{"schema":1,"rollbackIndex":4}');
    await markBoot(device.system);
    expect(readRollbackIndex(device.system.paths.state)).toBe(4);
  });
});
