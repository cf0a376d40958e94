import { writeFileSync } from 'node:fs';
import { EspPath, SlotPath } from '@micro-linux/core';
import { afterAll, expect, it } from 'vitest';
import type { EnvWrites } from '../boot-env/env-store.ts';
import { envStore } from '../boot-env/env-store.ts';
import { sampleUpdate } from '../slot-image/sample-update.testdata.ts';
import { readRollbackIndex } from '../state/rollback-index.ts';
import { readSlotHead } from '../state/slot-heads.ts';
import { NO_FLOOR, readTrustFloor } from '../state/trust-floor.ts';
import { type ApplyDevice, applyDevice } from './apply-device.testdata.ts';
import { checkApply } from './checks.ts';

/*
 * What docs/explanation/apply.md and docs/explanation/security.md promise about an apply, besides
 * its outcome. Each of these could be broken by a change of one line that no other test noticed.
 */

const update = await sampleUpdate({ manifest: { rollbackIndex: 7 } });
const noKernel = await sampleUpdate({ files: { [SlotPath.kernel]: null } });
afterAll(() => {
  update.remove();
  noKernel.remove();
});

function device(): ApplyDevice {
  const on = applyDevice();
  on.trust(update.publicPem);
  on.trust(noKernel.publicPem);
  return on;
}

const storeOf = (on: ApplyDevice) => envStore(on.system.paths.esp);

/** An apply on a disk that silently drops some writes. */
const losing = (on: ApplyDevice, lost: (writes: EnvWrites) => Partial<EnvWrites>) =>
  on.apply(update, {
    effects: (real) => ({ ...real, env: { ...real.env, ...lost(real.env) } }),
  });

it('index, revoked keys and threshold rise when the boot is confirmed, never at the apply', async () => {
  const on = device();
  await on.apply(update);
  const { state } = on.system.paths;
  expect(readRollbackIndex(state)).toBe(0);
  expect(readTrustFloor(state)).toEqual(NO_FLOOR);
});

it('the marker names the running slot before the other one is written, whatever it named before', async () => {
  const on = device();
  storeOf(on).writeMarker('B');
  await on.apply(update, {
    effects: (real) => ({
      ...real,
      async openSlot(path) {
        expect(storeOf(on).readMarker().value).toBe('A');
        return real.openSlot(path);
      },
    }),
  });
  writeFileSync(on.esp(EspPath.confirmed), new Uint8Array(1024));
  await on.apply(update);
});

it.each<[string, (writes: EnvWrites) => Partial<EnvWrites>]>([
  ['env', () => ({ writeEnv: () => undefined })],
  ['copy', () => ({ writeCopy: () => undefined })],
])('a slot is not written when the %s does not say that it is not ok', async (_, lost) => {
  const on = device();
  const before = on.slot('B');
  await expect(losing(on, lost)).rejects.toMatchObject({ code: 'env-write-failed' });
  expect(on.slot('B').equals(before)).toBe(true);
});

it('an apply that could not arm the trial says so', async () => {
  const on = device();
  await expect(
    losing(on, (real) => ({
      writeEnv(env) {
        if (env.trial === undefined) {
          real.writeEnv(env);
        }
      },
    })),
  ).rejects.toMatchObject({ code: 'env-write-failed' });
  expect(on.trial()).toBeUndefined();
});

it('the content of a slot is recorded only after it was inspected', async () => {
  const on = device();
  await expect(on.apply(noKernel)).rejects.toMatchObject({ code: 'slot-incomplete' });
  expect(readSlotHead(on.system.paths.state, 'B')).toBeUndefined();
});

it('a slot is inspected without a write, and without trust in its content', async () => {
  const on = device();
  await on.apply(update);
  const mounts = on.ran.filter((line) => line.startsWith('/usr/bin/mount '));
  expect(mounts).not.toEqual([]);
  for (const line of mounts) {
    expect(line).toContain(' -o ro,noload,nosuid,nodev,noexec ');
  }
});

it('an update for another processor is refused', async () => {
  const on = device();
  const { facts } = await on.apply(update);
  const agent = { ...facts.agent, architecture: 'aarch64' };
  const refused = checkApply({ ...facts, agent }).flatMap(({ refusal }) => refusal?.code ?? []);
  expect(refused).toContain('wrong-architecture');
});
