import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHUNK_BYTES } from '@micro-linux/update-image/testing';
import { describe, expect, it } from 'vitest';
import { envStore } from '../boot-env/env-store.ts';
import { withLock } from '../lock/lock.ts';
import { samplePair } from '../slot-image/sample-pair.testdata.ts';
import { sampleUpdate } from '../slot-image/sample-update.testdata.ts';
import { readApplyJournal } from '../state/apply-journal.ts';
import { readSlotHead } from '../state/slot-heads.ts';
import type { ApplyDevice } from './apply-device.testdata.ts';

const { update, newer, device } = await samplePair();

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

describe('an update that is interrupted', () => {
  it('by a damaged file leaves a slot that cannot be loaded, and resumes with a good file', async () => {
    const on = device();
    const running = on.slot('A');
    const failing = on.apply({ ...update, path: corrupted(on, 3) });
    await expect(failing).rejects.toMatchObject({
      code: 'chunk-corrupt',
      exitCode: 1,
      details: { chunk: 3 },
    });
    expect(on.slot('A').equals(running)).toBe(true);
    expect(on.blank('B')).toBe(true);
    expect(envStore(on.system.paths.esp).readEnv().value).toMatchObject({
      confirmed: 'A',
      success: true,
      trial: undefined,
      ok: { A: true, B: false },
    });
    expect(readSlotHead(on.system.paths.state, 'B')).toBeUndefined();
    // Chunk 2 was good, but is written with chunk 3.
    expect(readApplyJournal(on.system.paths.state)?.chunks).toBe(2);
    // The first chunk is always written again: its first 4 KiB come last.
    expect(await on.apply(update)).toMatchObject({ kind: 'armed', chunksAlreadyThere: 1 });
    expect(on.holds('B', update)).toBe(true);
  });

  it('and claims more chunks than the slot has writes those that differ', async () => {
    const on = device();
    await expect(on.apply({ ...update, path: corrupted(on, 4) })).rejects.toThrow();
    const bytes = on.slot('B');
    bytes[CHUNK_BYTES + 5] = (bytes[CHUNK_BYTES + 5] ?? 0) ^ 1;
    writeFileSync(on.system.slotDevice('B'), bytes);
    expect(await on.apply(update)).toMatchObject({ chunksAlreadyThere: 2, chunksWritten: 3 });
    expect(on.holds('B', update)).toBe(true);
  });

  it('resumes through a pipe too', async () => {
    const on = device();
    await expect(on.apply({ ...update, path: corrupted(on, 4) })).rejects.toThrow();
    expect(await on.apply(update, { piped: true })).toMatchObject({ chunksAlreadyThere: 3 });
    expect(on.holds('B', update)).toBe(true);
  });

  it('starts over with another image', async () => {
    const on = device();
    await expect(on.apply({ ...update, path: corrupted(on, 4) })).rejects.toThrow();
    expect(await on.apply(newer)).toMatchObject({ chunksAlreadyThere: 0, chunksWritten: 5 });
    expect(on.holds('B', newer)).toBe(true);
  });

  it('by a signal keeps its journal, and exits with 130', async () => {
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
    expect(on.blank('B')).toBe(true);
    expect((await on.apply(update)).kind).toBe('armed');
  });

  it('by a disk that does not respond fails instead of hanging', async () => {
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

  it.each([0, 5000, 150_000])('by a disk that stores byte %i wrong is not armed', async (at) => {
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
    expect(on.blank('B')).toBe(true);
    expect(on.trial()).toBeUndefined();
    expect(readSlotHead(on.system.paths.state, 'B')).toBeUndefined();
  });

  it('by another running apply names that process', async () => {
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

  it('by an ESP that cannot be written leaves the slot unchanged', async () => {
    const on = device();
    const before = on.slot('B');
    on.breakEsp();
    await expect(on.apply(update)).rejects.toMatchObject({ code: 'esp-unwritable' });
    expect(on.slot('B').equals(before)).toBe(true);
  });
});

describe('an image that contradicts its manifest', () => {
  it.each([
    ['has no kernel', { '/boot/vmlinuz-1': null }, 'slot-incomplete'],
    ['has an empty initrd', { '/boot/initrd.img': '' }, 'slot-incomplete'],
    ['has no boot settings', { '/boot/slot.cfg': null }, 'slot-incomplete'],
    ['is another version', { '/usr/lib/micro-linux/image.json': '{}' }, 'slot-mismatch'],
  ])('that %s is not armed, and is hidden from GRUB', async (_, files, code) => {
    const on = device();
    const bad = await sampleUpdate({ files, privatePems: [update.privatePem] });
    try {
      await expect(on.apply(bad)).rejects.toMatchObject({ code, exitCode: 5 });
      expect(on.trial()).toBeUndefined();
      expect(on.blank('B')).toBe(true);
    } finally {
      bad.remove();
    }
  });
});
