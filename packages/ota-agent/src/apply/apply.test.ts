import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envStore } from '../slots/env-store.ts';
import { readHistory } from '../state/history.ts';
import { readSlotHead } from '../state/slot-heads.ts';
import { readTrial } from '../state/trial.ts';
import { applyDevice } from './apply-device.testdata.ts';
import { type SampleUpdate, sampleUpdate } from './sample-update.testdata.ts';

let update: SampleUpdate;
beforeAll(async () => {
  update = await sampleUpdate();
});
afterAll(() => update.remove());

describe('an update', () => {
  it.each([
    ['from a file', { piped: false }],
    ['through a pipe', { piped: true }],
  ])('%s lands in the other slot, byte for byte, and is armed', async (_, call) => {
    const device = applyDevice();
    device.trust(update.publicPem);
    const running = device.slot('A');
    const result = await device.apply(update, call);
    expect(result).toMatchObject({ kind: 'armed', slot: 'B', chunksWritten: 5, chunksKept: 0 });
    expect(device.slot('B').subarray(0, update.image.length).equals(update.image)).toBe(true);
    expect(device.slot('A').equals(running)).toBe(true);
    const store = envStore(device.system.paths.esp);
    expect(store.readEnv().value).toMatchObject({
      confirmed: 'A',
      trial: { slot: 'B', tries: 1 },
      ok: { A: true, B: false },
    });
    expect(store.readCopy().value).toMatchObject({ trial: undefined, ok: { A: true, B: false } });
    const { state } = device.system.paths;
    expect(readSlotHead(state, 'B')?.manifest).toEqual(update.manifest);
    expect(readTrial(state)).toMatchObject({
      kind: 'update',
      slot: 'B',
      version: '0.2.0',
      fromSlot: 'A',
      fromVersion: '0.1.0',
      tries: 1,
      deadlineSeconds: 300,
    });
    expect(readHistory(state).entries).toMatchObject([{ event: 'installed', version: '0.2.0' }]);
    expect(existsSync(device.state('apply.json'))).toBe(false);
    expect(device.reboots()).toBe(0);
  });
});
