import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { EspPath, ExitCode, readBootEnv, readConfirmedMarker } from '@micro-linux/core';
import { getVariables, readBlockFile } from 'grubenv';
import { describe, expect, it } from 'vitest';
import { readHistory } from '../state/history.ts';
import { readRejections } from '../state/rejected.ts';
import { TRIAL } from '../state/trial.testdata.ts';
import { readTrial, writeTrial } from '../state/trial.ts';
import { FACTORY, type TestDevice, testDevice } from '../testing.ts';

const BOTH_OK = { ...FACTORY, success: true, ok: { A: true, B: true } } as const;

const blockOf = (device: TestDevice, path: string) => getVariables(readBlockFile(device.esp(path)));

describe('mark-boot --bad', () => {
  it('switches to the other slot in all three blocks, and says that a reboot is needed', async () => {
    const device = testDevice('A', BOTH_OK);
    const { exitCode, stdout } = await device.agent('mark-boot', '--bad', '--reason', 'it smells');
    expect(exitCode).toBe(ExitCode.rebootNeeded);
    expect(stdout).toBe('slot A is condemned; slot B boots at the next restart\n');
    for (const path of [EspPath.env, EspPath.envCopy]) {
      expect(readBootEnv(blockOf(device, path)).env).toMatchObject({
        confirmed: 'B',
        success: false,
        ok: { A: false, B: true },
      });
    }
    expect(readConfirmedMarker(blockOf(device, EspPath.confirmed))).toBe('B');
    expect(readHistory(device.system.paths.state).entries).toMatchObject([
      { event: 'condemned', slot: 'A', version: '0.1.0', to: 'B', reason: 'it smells' },
    ]);
    expect(device.reboots()).toBe(0);
  });

  it('restarts at once with --reboot', async () => {
    const device = testDevice('A', BOTH_OK);
    expect((await device.agent('mark-boot', '--bad', '--reboot')).exitCode).toBe(ExitCode.done);
    expect(device.reboots()).toBe(1);
  });

  it('settles the running trial, and rejects its image', async () => {
    const device = testDevice('B', FACTORY);
    writeTrial(device.system.paths.state, TRIAL);
    await device.agent('mark-boot', '--bad', '--reason', 'no', '--json');
    expect(readTrial(device.system.paths.state)).toBeUndefined();
    expect(readRejections(device.system.paths.state)).toMatchObject([
      { manifestSha256: TRIAL.manifestSha256, slot: 'B', reason: 'no' },
    ]);
    expect(readBootEnv(blockOf(device, EspPath.env)).env).toMatchObject({
      confirmed: 'A',
      ok: { A: true, B: false },
    });
  });

  it('is not undone by a unit that confirms afterwards', async () => {
    const device = testDevice('A', BOTH_OK);
    await device.agent('mark-boot', '--bad');
    const before = readFileSync(device.esp(EspPath.env));
    const { exitCode, stderr } = await device.agent('mark-boot');
    expect(exitCode).toBe(ExitCode.failed);
    expect(stderr).toContain('error[slot-condemned]');
    expect(readFileSync(device.esp(EspPath.env))).toEqual(before);
    device.restart('B');
    expect((await device.agent('mark-boot')).exitCode).toBe(ExitCode.done);
    expect(readHistory(device.system.paths.state).entries).toHaveLength(1);
  });

  it.each([
    ['the confirmed slot', 'A', { ...FACTORY, ok: { A: true, B: false } }],
    ['a slot on trial', 'B', { ...FACTORY, ok: { A: false, B: false } }],
  ] as const)('is refused for %s when nothing else is ok', async (_, slot, env) => {
    const device = testDevice(slot, env);
    const before = readFileSync(device.esp(EspPath.env));
    const { exitCode, stderr } = await device.agent('mark-boot', '--bad');
    expect(exitCode).toBe(ExitCode.failed);
    expect(stderr).toContain('error[last-slot]');
    expect(readFileSync(device.esp(EspPath.env))).toEqual(before);
  });

  it('is refused when no block says whether the other slot is ok', async () => {
    const device = testDevice('A', BOTH_OK);
    writeFileSync(device.esp(EspPath.env), new Uint8Array(1024));
    rmSync(device.esp(EspPath.envCopy));
    expect((await device.agent('mark-boot', '--bad')).stderr).toContain('error[env-lost]');
  });

  it('is required for its options', async () => {
    expect((await testDevice().agent('mark-boot', '--reboot')).exitCode).toBe(ExitCode.usage);
  });
});
