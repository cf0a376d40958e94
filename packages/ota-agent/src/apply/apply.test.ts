import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { envStore } from '../boot-env/env-store.ts';
import { samplePair } from '../slot-image/sample-pair.testdata.ts';
import { readHistory } from '../state/history.ts';
import { readRejections } from '../state/rejected.ts';
import { readSlotHead } from '../state/slot-heads.ts';
import { readTrial } from '../state/trial.ts';

const { update, newer, device } = await samplePair();

describe('applying an update', () => {
  it.each([
    ['from a file', { piped: false }],
    ['through a pipe', { piped: true }],
  ])('%s writes it into the other slot, byte for byte, and arms it', async (_, call) => {
    const on = device();
    const running = on.slot('A');
    const result = await on.apply(update, call);
    expect(result).toMatchObject({
      kind: 'armed',
      slot: 'B',
      chunksWritten: 5,
      chunksAlreadyThere: 0,
    });
    expect(on.holds('B', update)).toBe(true);
    expect(on.slot('A').equals(running)).toBe(true);
    const store = envStore(on.system.paths.esp);
    expect(store.readEnv().value).toMatchObject({
      confirmed: 'A',
      trial: { slot: 'B', tries: 1 },
      ok: { A: true, B: false },
    });
    expect(store.readCopy().value).toMatchObject({ trial: undefined, ok: { A: true, B: false } });
    const { state } = on.system.paths;
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
    expect(existsSync(on.state('apply.json'))).toBe(false);
    expect(on.reboots()).toBe(0);
  });

  it('goes from B to A too, with the given number of tries, and restarts', async () => {
    const on = device('B');
    await on.apply(update, { options: { tries: 3, reboot: true } });
    expect(on.holds('A', update)).toBe(true);
    expect(on.trial()).toEqual({ slot: 'A', tries: 3 });
    expect(on.reboots()).toBe(1);
  });

  it('writes to the journal', async () => {
    const on = device();
    await on.apply(update);
    expect(on.journal.join()).toContain('0.2.0 is installed in slot B');
  });

  it('that is in the slot already hashes and arms it without a write', async () => {
    const on = device();
    await on.apply(update);
    const store = envStore(on.system.paths.esp);
    const env = store.readEnv().value;
    store.writeEnv({ ...(env ?? expect.fail()), trial: undefined });
    const opened: string[] = [];
    const result = await on.apply(update, {
      effects: (real) => ({
        ...real,
        async openSlot(path) {
          opened.push(path);
          return real.openSlot(path);
        },
      }),
    });
    expect(result).toMatchObject({ kind: 'armed', chunksWritten: 0 });
    expect(opened).toEqual([]);
    expect(on.trial()).toEqual({ slot: 'B', tries: 1 });
  });

  it('that is armed already arms it again', async () => {
    const on = device();
    await on.apply(update);
    await on.apply(update, { options: { tries: 2 } });
    expect(on.trial()).toEqual({ slot: 'B', tries: 2 });
    expect(readHistory(on.system.paths.state).entries.map(({ event }) => event)).toEqual([
      'installed',
      'installed',
    ]);
  });

  it('that is in the slot already, but damaged, writes it again', async () => {
    const on = device();
    await on.apply(update);
    const bytes = on.slot('B');
    bytes[200_000] = (bytes[200_000] ?? 0) ^ 1;
    writeFileSync(on.system.slotDevice('B'), bytes);
    expect(await on.apply(update)).toMatchObject({ kind: 'armed', chunksWritten: 5 });
    expect(on.holds('B', update)).toBe(true);
  });

  it('that is already running does nothing, even if it is only an identical build', async () => {
    const on = device();
    const { version, buildId, compatible } = update.manifest;
    writeFileSync(on.system.paths.imageInfo, JSON.stringify({ version, buildId, compatible }));
    const before = on.slot('B');
    expect((await on.apply(update)).kind).toBe('nothing-to-do');
    expect((await on.agent('apply', update.path)).exitCode).toBe(3);
    expect(on.slot('B').equals(before)).toBe(true);
    expect(on.trial()).toBeUndefined();
  });

  it('that is older succeeds with --force-downgrade', async () => {
    const on = device();
    const info = JSON.parse(readFileSync(on.system.paths.imageInfo, 'utf8'));
    writeFileSync(on.system.paths.imageInfo, JSON.stringify({ ...info, version: '1.0.0' }));
    await expect(on.apply(update)).rejects.toMatchObject({ code: 'downgrade' });
    expect((await on.apply(update, { options: { forceDowngrade: true } })).kind).toBe('armed');
  });

  it('replaces one that was armed and not tried yet', async () => {
    const on = device();
    await on.apply(update);
    await on.apply(newer);
    expect(on.holds('B', newer)).toBe(true);
    expect(on.trial()).toEqual({ slot: 'B', tries: 1 });
    expect(readTrial(on.system.paths.state)?.version).toBe('0.3.0');
    expect(readHistory(on.system.paths.state).entries.map(({ event }) => event)).toEqual([
      'installed',
      'interrupted',
      'installed',
    ]);
    expect(readRejections(on.system.paths.state)).toEqual([]);
  });
});
