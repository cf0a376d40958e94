import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePublicKey } from '@micro-linux/update-image';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApplyDevice, applyDevice } from '../apply/apply-device.testdata.ts';
import { envStore } from '../boot-env/env-store.ts';
import { type SampleUpdate, sampleUpdate } from '../slot-image/sample-update.testdata.ts';
import { readHistory } from '../state/history.ts';
import { raiseRollbackIndex } from '../state/rollback-index.ts';
import { readTrial } from '../state/trial.ts';
import { stageTrustFloor } from '../state/trust-floor.ts';

let update: SampleUpdate;
beforeAll(async () => {
  update = await sampleUpdate({ manifest: { version: '0.0.9', rollbackIndex: 2 } });
});
afterAll(() => update.remove());

/** A device that runs slot A; slot B contains 0.0.9, which was healthy before. */
async function device(): Promise<ApplyDevice> {
  const on = applyDevice();
  on.trust(update.publicPem);
  await on.apply(update, { options: { forceDowngrade: true } });
  const store = envStore(on.system.paths.esp);
  const env = store.readEnv().value ?? expect.fail();
  store.writeEnv({ ...env, trial: undefined, ok: { A: true, B: true } });
  return on;
}

const envOf = (on: ApplyDevice) => envStore(on.system.paths.esp).readEnv().value;

async function refusal(on: ApplyDevice) {
  const before = envOf(on);
  const { exitCode, stdout } = await on.agent('rollback', '--json');
  expect(envOf(on)).toEqual(before);
  expect(on.reboots()).toBe(0);
  const { ok, code } = JSON.parse(stdout);
  return { ok, code, exitCode };
}

describe('rollback', () => {
  it('arms one try of the other slot, and restarts', async () => {
    const on = await device();
    const { exitCode, stdout } = await on.agent('rollback');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'slot B with 0.0.9 is tried now: restarting\n',
    });
    expect(envOf(on)).toMatchObject({
      confirmed: 'A',
      trial: { slot: 'B', tries: 1 },
      ok: { A: true, B: true },
    });
    const { state } = on.system.paths;
    expect(readTrial(state)).toMatchObject({
      kind: 'rollback',
      slot: 'B',
      version: '0.0.9',
      rollbackIndex: 2,
      fromSlot: 'A',
      fromVersion: '0.1.0',
    });
    expect(readHistory(state).entries.at(-1)).toMatchObject({ event: 'rollback', slot: 'B' });
    expect(on.reboots()).toBe(1);
    expect(on.journal.join()).toContain('somebody asked for it');
  });

  it('does not restart with --no-reboot', async () => {
    const on = await device();
    const { exitCode, stdout } = await on.agent('rollback', '--no-reboot', '--json');
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, slot: 'B', rebooting: false });
    expect(on.reboots()).toBe(0);
  });

  it('is refused when the slot is not ok', async () => {
    const on = applyDevice('A', { ok: { A: true, B: false } });
    expect(await refusal(on)).toEqual({ ok: false, code: 'slot-not-ok', exitCode: 1 });
  });

  it('is refused when the content of the slot is unknown', async () => {
    const on = await device();
    rmSync(on.state('slots/B.head'));
    expect(await refusal(on)).toMatchObject({ code: 'head-missing', exitCode: 1 });
  });

  it('is refused below the rollback index', async () => {
    const on = await device();
    raiseRollbackIndex(on.system.paths.state, 3);
    expect(await refusal(on)).toMatchObject({ code: 'rollback-index', exitCode: 5 });
  });

  it('is refused when the slot differs from the installed image', async () => {
    const on = await device();
    const bytes = on.slot('B');
    bytes[100_000] = (bytes[100_000] ?? 0) ^ 1;
    writeFileSync(on.system.slotDevice('B'), bytes);
    expect(await refusal(on)).toMatchObject({ code: 'slot-differs', exitCode: 1 });
  });

  it('is refused when the signatures of the slot are no longer valid', async () => {
    const on = await device();
    const { keyId } = parsePublicKey(update.publicPem, 'the key of the test');
    writeFileSync(join(on.system.paths.config[0] ?? '', 'revoked-keys'), `${keyId}\n`);
    expect(await refusal(on)).toEqual({ ok: false, code: 'key-revoked', exitCode: 5 });
  });

  it('is refused when an image that was healthy here has revoked the key', async () => {
    const on = await device();
    const { keyId } = parsePublicKey(update.publicPem, 'the key of the test');
    stageTrustFloor(on.system.paths.state, { threshold: 1, revoked: [keyId] })?.();
    expect(await refusal(on)).toEqual({ ok: false, code: 'key-revoked', exitCode: 5 });
  });

  it('is refused before the running system is confirmed', async () => {
    const on = applyDevice('A', { success: false });
    expect(await refusal(on)).toMatchObject({ code: 'boot-unconfirmed', exitCode: 1 });
  });
});
