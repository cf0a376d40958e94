import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import {
  type BootEnv,
  type BootState,
  bootEnvVariables,
  decideBoot,
  EspPath,
  readBootEnv,
  type Slot,
  slotPartition,
} from '@micro-linux/core';
import { emptyBlock, setVariables, writeBlockFile } from 'grubenv';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { envStore } from '../boot-env/env-store.ts';
import { markBoot } from '../mark-boot/mark-boot.ts';
import { type SampleUpdate, sampleUpdate } from '../slot-image/sample-update.testdata.ts';
import { readRejections } from '../state/rejected.ts';
import { sayMounted } from '../system/mounted-root.testdata.ts';
import { type ApplyDevice, applyDevice } from './apply-device.testdata.ts';
import { LOSSES, type Loss, PowerCut, power } from './power.testdata.ts';

/*
 * Power is cut at every single change that an apply makes, with every possible outcome of the
 * writes that were not synced. Each time GRUB must choose a complete slot from what is then on the
 * disk, and a second apply must succeed.
 *
 * Slot B runs and A is written: GRUB tries A first when its environment is unreadable, so a
 * half-written slot would be detected.
 */

/** Thousands of syncs: only their order matters here, and a tmpfs preserves it like a disk. */
const MEMORY = '/dev/shm';

let update: SampleUpdate;
let earlier: SampleUpdate;
beforeAll(async () => {
  if (existsSync(MEMORY)) {
    vi.stubEnv('TMPDIR', MEMORY);
  }
  earlier = await sampleUpdate({ manifest: { version: '0.1.5' } });
  update = await sampleUpdate({ privatePems: [earlier.privatePem] });
});
afterAll(() => {
  update.remove();
  earlier.remove();
  vi.unstubAllEnvs();
});

function device(env: Partial<BootEnv> = {}): ApplyDevice {
  const made = applyDevice('B', env);
  made.trust(earlier.publicPem);
  // The slot contains a bootable system: GRUB must never find half of it.
  writeFileSync(made.system.slotDevice(made.target), earlier.image, { flag: 'r+' });
  return made;
}

/** Whether the kernel and GRUB would find a file system: the magic number of ext4. */
function loads(on: ApplyDevice, slot: Slot): boolean {
  return slot === on.running || on.slot(slot).readUInt16LE(1080) === 0xef53;
}

/** Whether a slot contains one of the two updates, complete. */
function whole(on: ApplyDevice, slot: Slot, of = [update, earlier]): boolean {
  return of.some(({ image }) => on.slot(slot).subarray(0, image.length).equals(image));
}

function bootState(on: ApplyDevice): BootState {
  const store = envStore(on.system.paths.esp);
  return {
    env: store.readEnv().value,
    copy: store.readCopy().value,
    marker: store.readMarker().value,
    saves: true,
    loads: { A: loads(on, 'A'), B: loads(on, 'B') },
  };
}

/** GRUB must find a complete slot even if any part of the environment is lost, too. */
function expectBootable(on: ApplyDevice, where: string): void {
  const now = bootState(on);
  const lost = { env: undefined, copy: undefined, marker: undefined };
  const states: Readonly<Record<string, BootState>> = {
    'as it is': now,
    'nothing can be saved': { ...now, saves: false },
    'the block is lost': { ...now, env: lost.env },
    'block and copy are lost': { ...now, env: lost.env, copy: lost.copy },
    'all are lost': { ...now, ...lost },
  };
  for (const [what, state] of Object.entries(states)) {
    const { slot, reason } = decideBoot(state);
    const good =
      slot === on.running ||
      // A whole image that is on trial, or that is found when nothing can be known.
      (slot !== undefined && ['trial', 'unknown'].includes(reason) && whole(on, slot));
    expect(good, `${where}, ${what}: slot ${slot} as ${reason}`).toBe(true);
  }
}

/** The machine restarts: GRUB decides and saves, the slot becomes healthy and is marked. */
async function restart(on: ApplyDevice): Promise<Slot | undefined> {
  const { paths } = on.system;
  const { slot, reason, writes } = decideBoot(bootState(on));
  const variables = envStore(paths.esp).readEnv().variables;
  const { env } = readBootEnv({ ...Object.fromEntries(variables ?? []), ...writes });
  if (env) {
    const block = setVariables(emptyBlock(), bootEnvVariables(env));
    writeBlockFile(on.esp(EspPath.env), block);
  }
  writeFileSync(paths.bootId, `${Math.random()}\n`);
  const root = slot ? { '/': `vda${slotPartition(slot).number}` } : {};
  sayMounted(paths, { ...root, [paths.esp]: 'vda1' });
  writeFileSync(paths.cmdline, `micro_linux.slot=${slot} micro_linux.boot=${reason}\n`);
  if (slot === on.target) {
    const { manifest } = whole(on, slot, [update]) ? update : earlier;
    const { version, buildId, compatible } = manifest;
    writeFileSync(paths.imageInfo, JSON.stringify({ schema: 1, version, buildId, compatible }));
  }
  await markBoot(on.system);
  return slot;
}

/** Applies until power is cut. */
async function applyUntilCut(on: ApplyDevice, ticks: number, loss: Loss): Promise<void> {
  const supply = power(ticks, loss);
  const outcome = await on
    .apply(update, { effects: (real) => supply.over(real) })
    .catch((error: unknown) => error);
  expect(supply.log.length, 'power was cut').toBe(ticks + 1);
  // A failure after the trial was armed does not make the apply fail.
  expect(outcome instanceof PowerCut || isArmed(outcome), String(outcome)).toBe(true);
}

function isArmed(outcome: unknown): boolean {
  return outcome instanceof Object && 'kind' in outcome && outcome.kind === 'armed';
}

async function expectRecovery(on: ApplyDevice, where: string): Promise<void> {
  expectBootable(on, where);
  const slot = await restart(on);
  expect(readRejections(on.system.paths.state), `${where}: rejected`).toEqual([]);
  if (slot === on.target) {
    // A trial was armed: it runs and is confirmed, and the next update goes to the other slot.
    expect(envStore(on.system.paths.esp).readMarker().value, where).toBe(on.target);
    const next = await on.apply(update);
    expect(next.kind, where).toBe(whole(on, on.target, [update]) ? 'nothing-to-do' : 'armed');
    return;
  }
  expect((await on.apply(update)).kind, where).toBe('armed');
  expect(whole(on, on.target, [update]), `${where}: the second apply`).toBe(true);
  expectBootable(on, `${where}, second apply`);
  expect(await restart(on), `${where}: its trial`).toBe(on.target);
}

type Prepare = (on: ApplyDevice) => Promise<unknown>;

/** The changes of an apply, in order, when nothing fails. */
async function changes(prepare?: Prepare): Promise<readonly string[]> {
  const on = device();
  await prepare?.(on);
  const supply = power(Number.POSITIVE_INFINITY, 'none');
  await on.apply(update, { effects: (real) => supply.over(real) });
  return supply.log;
}

/** Cuts at every change, with each of the given outcomes for unsynced writes. */
async function cutEverywhere(losses: readonly Loss[], prepare?: Prepare): Promise<void> {
  const log = await changes(prepare);
  for (const [ticks, name] of log.entries()) {
    // Only changes of the slot leave something unsynced.
    for (const loss of /^(write |sync)/.test(name) ? losses : (['none'] as const)) {
      const on = device();
      await prepare?.(on);
      const running = on.slot(on.running);
      await applyUntilCut(on, ticks, loss);
      expect(on.slot(on.running).equals(running), 'the running slot').toBe(true);
      await expectRecovery(on, `cut at ${ticks} (${name}), unsynced: ${loss}`);
      // Memory may be small, and the device is removed only after the whole test.
      for (const slot of ['A', 'B'] as const) {
        truncateSync(on.system.slotDevice(slot));
      }
    }
  }
}

const TIMEOUT_MS = 300_000;

it('never leaves the device without a system', async () => {
  const log = (await changes()).map((name) => name.replace(/^write [1-9]\d*$/, 'write'));
  expect(log.filter((name, index) => name !== log[index - 1])).toEqual([
    'writeJournal',
    'writeEnv',
    'writeCopy',
    'removeTrial',
    'removeHead',
    'write 0',
    'sync',
    'write',
    'sync',
    'writeJournal',
    'write 0',
    'sync',
    'writeHead',
    'writeTrial',
    'writeEnv',
    'removeJournal',
    'clearRejection',
    'appendHistory',
  ]);
});

describe('a power cut at any change leaves a bootable device', () => {
  it(
    'during a first apply, whatever happens to unsynced writes',
    () => cutEverywhere(LOSSES),
    TIMEOUT_MS,
  );

  it(
    'during one that resumes after a cut',
    () => cutEverywhere(['every-other'], (on) => applyUntilCut(on, 11, 'every-other')),
    TIMEOUT_MS,
  );

  it(
    'during one that replaces an armed update',
    () => cutEverywhere(['none'], (on) => on.apply(earlier)),
    TIMEOUT_MS,
  );

  it(
    'during one whose image is in the slot already, armed',
    () => cutEverywhere(['none'], (on) => on.apply(update)),
    TIMEOUT_MS,
  );
});
