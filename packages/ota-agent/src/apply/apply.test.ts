import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Slot } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withLock } from '../lock/lock.ts';
import { envStore } from '../slots/env-store.ts';
import { readHistory } from '../state/history.ts';
import { readRejections } from '../state/rejected.ts';
import { readSlotHead } from '../state/slot-heads.ts';
import { readTrial } from '../state/trial.ts';
import { type ApplyDevice, applyDevice } from './apply-device.testdata.ts';
import { readApplyJournal } from './apply-journal.ts';
import { CHUNK_BYTES, type SampleUpdate, sampleUpdate } from './sample-update.testdata.ts';

let update: SampleUpdate;
let newer: SampleUpdate;
beforeAll(async () => {
  update = await sampleUpdate();
  newer = await sampleUpdate({
    manifest: { version: '0.3.0' },
    privatePems: [update.privatePem],
  });
});
afterAll(() => {
  update.remove();
  newer.remove();
});

function device(running: Slot = 'A'): ApplyDevice {
  const made = applyDevice(running);
  made.trust(update.publicPem);
  return made;
}

function holds(on: ApplyDevice, slot: Slot, { image }: SampleUpdate): boolean {
  return on.slot(slot).subarray(0, image.length).equals(image);
}

function trialOf(on: ApplyDevice) {
  return envStore(on.system.paths.esp).readEnv().value?.trial;
}

/** A slot that nothing can load: its first 4 KiB are blank. */
function blank(on: ApplyDevice, slot: Slot): boolean {
  return on.slot(slot).subarray(0, 4096).equals(Buffer.alloc(4096));
}

/** The update with one byte of a chunk changed, as a file of its own. */
function corrupted(on: ApplyDevice, chunk: number): string {
  const bytes = readFileSync(update.path);
  const frames = update.manifest.image.chunks;
  const seekTable = 8 + 8 * (frames.length + 2) + 9;
  const behind = frames.slice(chunk).reduce((sum, { frameBytes }) => sum + frameBytes, seekTable);
  const at = bytes.length - behind + Math.floor((frames[chunk]?.frameBytes ?? 0) / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  const path = join(on.system.paths.run, '../corrupted.img');
  writeFileSync(path, bytes);
  return path;
}

describe('an update', () => {
  it.each([
    ['from a file', { piped: false }],
    ['through a pipe', { piped: true }],
  ])('%s lands in the other slot, byte for byte, and is armed', async (_, call) => {
    const on = device();
    const running = on.slot('A');
    const result = await on.apply(update, call);
    expect(result).toMatchObject({ kind: 'armed', slot: 'B', chunksWritten: 5, chunksKept: 0 });
    expect(holds(on, 'B', update)).toBe(true);
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

  it('goes from B to A as well, with as many tries as asked for, and restarts', async () => {
    const on = device('B');
    await on.apply(update, { options: { tries: 3, reboot: true } });
    expect(holds(on, 'A', update)).toBe(true);
    expect(trialOf(on)).toEqual({ slot: 'A', tries: 3 });
    expect(on.reboots()).toBe(1);
  });

  it('tells the journal', async () => {
    const on = device();
    await on.apply(update);
    expect(on.journal.join()).toContain('0.2.0 is installed in slot B');
  });

  it('that is there already is hashed, not written, and armed', async () => {
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
    expect(trialOf(on)).toEqual({ slot: 'B', tries: 1 });
  });

  it('that is armed already is armed again: nothing was interrupted', async () => {
    const on = device();
    await on.apply(update);
    await on.apply(update, { options: { tries: 2 } });
    expect(trialOf(on)).toEqual({ slot: 'B', tries: 2 });
    expect(readHistory(on.system.paths.state).entries.map(({ event }) => event)).toEqual([
      'installed',
      'installed',
    ]);
  });

  it('that is there already, but damaged, is written again', async () => {
    const on = device();
    await on.apply(update);
    const bytes = on.slot('B');
    bytes[200_000] = (bytes[200_000] ?? 0) ^ 1;
    writeFileSync(on.system.slotDevice('B'), bytes);
    expect(await on.apply(update)).toMatchObject({ kind: 'armed', chunksWritten: 5 });
    expect(holds(on, 'B', update)).toBe(true);
  });

  it('that runs is nothing to do, also when it was only built the same', async () => {
    const on = device();
    const { version, buildId, compatible } = update.manifest;
    writeFileSync(on.system.paths.imageInfo, JSON.stringify({ version, buildId, compatible }));
    const before = on.slot('B');
    expect((await on.apply(update)).kind).toBe('nothing-to-do');
    expect((await on.agent('apply', update.path)).exitCode).toBe(3);
    expect(on.slot('B').equals(before)).toBe(true);
    expect(trialOf(on)).toBeUndefined();
  });

  it('that is older goes in when it is forced', async () => {
    const on = device();
    const info = JSON.parse(readFileSync(on.system.paths.imageInfo, 'utf8'));
    writeFileSync(on.system.paths.imageInfo, JSON.stringify({ ...info, version: '1.0.0' }));
    await expect(on.apply(update)).rejects.toMatchObject({ code: 'downgrade' });
    expect((await on.apply(update, { options: { forceDowngrade: true } })).kind).toBe('armed');
  });

  it('takes the place of one that was armed and not tried yet', async () => {
    const on = device();
    await on.apply(update);
    await on.apply(newer);
    expect(holds(on, 'B', newer)).toBe(true);
    expect(trialOf(on)).toEqual({ slot: 'B', tries: 1 });
    expect(readTrial(on.system.paths.state)?.version).toBe('0.3.0');
    expect(readHistory(on.system.paths.state).entries.map(({ event }) => event)).toEqual([
      'installed',
      'interrupted',
      'installed',
    ]);
    expect(readRejections(on.system.paths.state)).toEqual([]);
  });
});

describe('an update that does not get to its end', () => {
  it('because the file is damaged leaves a slot that nothing loads, and goes on with a good one', async () => {
    const on = device();
    const running = on.slot('A');
    const failing = on.apply({ ...update, path: corrupted(on, 3) });
    await expect(failing).rejects.toMatchObject({
      code: 'chunk-corrupt',
      exitCode: 1,
      details: { chunk: 3 },
    });
    expect(on.slot('A').equals(running)).toBe(true);
    expect(blank(on, 'B')).toBe(true);
    expect(envStore(on.system.paths.esp).readEnv().value).toMatchObject({
      confirmed: 'A',
      success: true,
      trial: undefined,
      ok: { A: true, B: false },
    });
    expect(readSlotHead(on.system.paths.state, 'B')).toBeUndefined();
    expect(readApplyJournal(on.system.paths.state)?.chunks).toBe(3);
    // The first chunk is always taken again: its first 4 KiB come last.
    expect(await on.apply(update)).toMatchObject({ kind: 'armed', chunksKept: 2 });
    expect(holds(on, 'B', update)).toBe(true);
  });

  it('and claims more than there is writes what differs', async () => {
    const on = device();
    await expect(on.apply({ ...update, path: corrupted(on, 4) })).rejects.toThrow();
    const bytes = on.slot('B');
    bytes[CHUNK_BYTES + 5] = (bytes[CHUNK_BYTES + 5] ?? 0) ^ 1;
    writeFileSync(on.system.slotDevice('B'), bytes);
    expect(await on.apply(update)).toMatchObject({ chunksKept: 2, chunksWritten: 3 });
    expect(holds(on, 'B', update)).toBe(true);
  });

  it('goes on through a pipe, too', async () => {
    const on = device();
    await expect(on.apply({ ...update, path: corrupted(on, 4) })).rejects.toThrow();
    expect(await on.apply(update, { piped: true })).toMatchObject({ chunksKept: 3 });
    expect(holds(on, 'B', update)).toBe(true);
  });

  it('starts over with another image', async () => {
    const on = device();
    await expect(on.apply({ ...update, path: corrupted(on, 4) })).rejects.toThrow();
    expect(await on.apply(newer)).toMatchObject({ chunksKept: 0, chunksWritten: 5 });
    expect(holds(on, 'B', newer)).toBe(true);
  });

  it('because it was stopped keeps its journal, and ends with 130', async () => {
    const on = device();
    const controller = new AbortController();
    const stopped = on.apply(update, {
      signal: controller.signal,
      effects: (real) => ({
        ...real,
        async openSlot(path) {
          const slot = await real.openSlot(path);
          return {
            ...slot,
            async write(offset, data) {
              await slot.write(offset, data);
              if (offset > 2 * CHUNK_BYTES) {
                controller.abort();
              }
            },
          };
        },
      }),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled', exitCode: 130 });
    expect(readApplyJournal(on.system.paths.state)).toMatchObject({ slot: 'B', version: '0.2.0' });
    expect(blank(on, 'B')).toBe(true);
    expect((await on.apply(update)).kind).toBe('armed');
  });

  it('because a disk does not answer fails instead of hanging', async () => {
    const on = device();
    const hanging = on.apply(update, {
      stallMs: 100,
      effects: (real) => ({
        ...real,
        openSlot: async (path) => ({
          ...(await real.openSlot(path)),
          sync: () => new Promise(() => undefined),
        }),
      }),
    });
    await expect(hanging).rejects.toMatchObject({ code: 'stage-timeout', exitCode: 1 });
  });

  it.each([0, 5000, 150_000])('because the disk lies about byte %i is not armed', async (at) => {
    const on = device();
    const lying = on.apply(update, {
      effects: (real) => ({
        ...real,
        async openSlot(path) {
          const slot = await real.openSlot(path);
          return {
            ...slot,
            async write(offset, data) {
              const bad = Buffer.from(data);
              if (at >= offset && at < offset + bad.length && !bad.equals(Buffer.alloc(4096))) {
                bad[at - offset] = (bad[at - offset] ?? 0) ^ 1;
              }
              await slot.write(offset, bad);
            },
          };
        },
      }),
    });
    await expect(lying).rejects.toMatchObject({ code: 'read-back-failed', exitCode: 1 });
    expect(blank(on, 'B')).toBe(true);
    expect(trialOf(on)).toBeUndefined();
    expect(readSlotHead(on.system.paths.state, 'B')).toBeUndefined();
  });

  it('because another one is at work says whom', async () => {
    const on = device();
    const lock = { directory: on.system.paths.run, purpose: 'apply', pid: 4711 };
    await withLock(lock, async () => {
      await expect(on.apply(update)).rejects.toMatchObject({
        code: 'busy',
        exitCode: 6,
        details: { pid: 4711 },
      });
    });
  });

  it('because the ESP cannot be written has not touched the slot', async () => {
    const on = device();
    const before = on.slot('B');
    on.breakEsp();
    await expect(on.apply(update)).rejects.toMatchObject({ code: 'esp-unwritable' });
    expect(on.slot('B').equals(before)).toBe(true);
  });
});

describe('an image that cannot be what it says', () => {
  it.each([
    ['has no kernel', { '/boot/vmlinuz-1': null }, 'slot-incomplete'],
    ['has an empty initrd', { '/boot/initrd.img': '' }, 'slot-incomplete'],
    ['has no boot settings', { '/boot/slot.cfg': null }, 'slot-incomplete'],
    ['is another version', { '/usr/lib/micro-linux/image.json': '{}' }, 'slot-mismatch'],
  ])('because it %s is not armed, and hidden from GRUB', async (_, files, code) => {
    const on = device();
    const bad = await sampleUpdate({ files, privatePems: [update.privatePem] });
    try {
      await expect(on.apply(bad)).rejects.toMatchObject({ code, exitCode: 5 });
      expect(trialOf(on)).toBeUndefined();
      expect(blank(on, 'B')).toBe(true);
    } finally {
      bad.remove();
    }
  });
});

describe('the command line', () => {
  it('prints one object, ends with 4 when a reboot is needed, and tells progress as JSON', async () => {
    const on = device();
    const argv = ['apply', update.path, '--no-reboot', '--json', '--progress=json', '--tries=2'];
    const { exitCode, stdout, stderr } = await on.agent(...argv);
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toEqual({
      schema: 1,
      ok: true,
      result: 'armed',
      slot: 'B',
      version: '0.2.0',
      buildId: 'build-of-0.2.0',
      fromVersion: '0.1.0',
      tries: 2,
      chunksWritten: 5,
      chunksKept: 0,
      etcKept: [],
      rebooting: false,
    });
    const events = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.at(0)).toMatchObject({ schema: 1, event: 'started', step: 'head' });
    expect(events).toContainEqual(
      expect.objectContaining({
        event: 'progress',
        step: 'write',
        percent: 100,
        doneBytes: update.image.length,
        totalBytes: update.image.length,
      }),
    );
    expect(events.at(-1)).toMatchObject({ event: 'done', step: 'finish' });
  });

  it('restarts unless told not to, and says so', async () => {
    const on = device();
    const { exitCode, stdout, stderr } = await on.agent('apply', update.path);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: '0.2.0 is installed in slot B; restarting to try it\n',
    });
    expect(stderr).toMatch(/^done {3}read the head of .*: bookworm 0\.2\.0 \(\d+\.\d s\)$/m);
    expect(on.reboots()).toBe(1);
  });

  it('--dry-run tells checks and steps and changes nothing', async () => {
    const on = device();
    const before = [on.slot('B'), readFileSync(on.esp('/grub/grubenv'))];
    const { exitCode, stdout } = await on.agent('apply', update.path, '--dry-run');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('  ok       signatures\n');
    expect(stdout).toMatch(/^ {3}3 {2}tell GRUB to boot slot A only: slot B is not ok$/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('  13  restart the machine');
    expect([on.slot('B'), readFileSync(on.esp('/grub/grubenv'))]).toEqual(before);
    expect(existsSync(on.system.paths.state)).toBe(false);
  });

  it('--dry-run ends as the apply would, and shows every check', async () => {
    const on = applyDevice('A', { success: false });
    const { exitCode, stdout } = await on.agent('apply', update.path, '--dry-run', '--json');
    expect(exitCode).toBe(5);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ ok: false, code: 'key-unknown', result: 'refused' });
    expect(result.checks).toContainEqual({
      title: 'the running system is confirmed',
      ok: false,
      code: 'boot-unconfirmed',
    });
  });
});

it('files of /etc that stay as they are on the device are told, and noted', async () => {
  const on = device();
  const { etcChanges, etcOfImage } = on.system.paths;
  mkdirSync(etcChanges);
  mkdirSync(etcOfImage);
  writeFileSync(join(etcChanges, 'motd'), 'mine\n');
  writeFileSync(join(etcOfImage, 'motd'), 'welcome to 0.1.0\n');
  const { stderr, stdout } = await on.agent('apply', update.path, '--no-reboot', '--json');
  expect(JSON.parse(stdout).etcKept).toEqual(['/etc/motd']);
  expect(stderr).toContain('/etc/motd stays as it is on this device');
  expect(readHistory(on.system.paths.state).entries.at(-1)).toMatchObject({ etcKept: 'motd' });
});
