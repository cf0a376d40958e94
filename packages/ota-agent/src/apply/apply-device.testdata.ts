import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type BootEnv, otherSlot, run, type Slot, type Trial } from '@micro-linux/core';
import { defaultConfig } from '@micro-linux/provision';
import { fileSource, streamSource } from '@micro-linux/update-image';
import { envStore } from '../boot-env/env-store.ts';
import { type Effects, realEffects } from '../effects/effects.ts';
import { NO_PROGRESS, type Progress } from '../progress/progress.ts';
import type { SampleUpdate } from '../slot-image/sample-update.testdata.ts';
import { FACTORY, type TestDevice, testDevice } from '../testing.ts';
import { type ApplyResult, type ApplyWorld, applyUpdate, planOnly } from './apply.ts';
import type { ApplyOptions } from './apply-facts.ts';
import type { ApplyPlan } from './plan-apply.ts';

const SLOT_BYTES = 400_000;
export const RUNNING_IMAGE_BYTE = 0x5a;

/** Options of an apply in a test. */
export interface ApplyCall {
  readonly options?: Partial<ApplyOptions>;
  /** Wraps the real effects. */
  readonly effects?: (real: Effects) => Effects;
  /** Through a pipe instead of from the file. */
  readonly piped?: boolean;
  readonly signal?: AbortSignal;
  readonly progress?: Progress;
  readonly stallMs?: number;
}

/** A device that runs one slot, healthy and confirmed, and can apply updates to the other. */
export interface ApplyDevice extends TestDevice {
  readonly running: Slot;
  readonly target: Slot;
  /** The bytes of a slot's disk. */
  slot(slot: Slot): Buffer;
  /** Whether a slot begins with the image of an update. */
  holds(slot: Slot, update: SampleUpdate): boolean;
  /** Whether a slot cannot be loaded: its first 4 KiB are blank. */
  blank(slot: Slot): boolean;
  /** The trial in GRUB's environment. */
  trial(): Trial | undefined;
  /** Makes the device trust a key. */
  trust(publicPem: string): void;
  apply(update: SampleUpdate, call?: ApplyCall): Promise<ApplyResult>;
  plan(update: SampleUpdate, call?: ApplyCall): Promise<ApplyPlan>;
}

export function applyDevice(running: Slot = 'A', env: Partial<BootEnv> = {}): ApplyDevice {
  const target = otherSlot(running);
  const device = testDevice(running, {
    ...FACTORY,
    confirmed: running,
    success: true,
    counter: 3,
    ok: { A: true, B: true },
    ...env,
  });
  const { system } = device;
  answerMounts(device);
  writeFileSync(system.slotDevice(running), Buffer.alloc(SLOT_BYTES, RUNNING_IMAGE_BYTE));
  writeFileSync(system.slotDevice(target), Buffer.alloc(SLOT_BYTES, 1));
  writeFileSync(system.paths.swaps, 'Filename Type Size Used Priority\n');
  const keys = join(system.paths.config[2] ?? '', 'keys');
  let trusted = 0;

  async function world(update: SampleUpdate, call: ApplyCall): Promise<ApplyWorld> {
    const config = defaultConfig();
    const real = realEffects(system, config);
    return {
      system,
      config,
      effects: call.effects?.(real) ?? real,
      source: call.piped
        ? streamSource(Readable.from(pieces(readFileSync(update.path))), 'a pipe')
        : await fileSource(update.path),
      options: { tries: 1, reboot: false, retry: false, forceDowngrade: false, ...call.options },
      agent: { version: '1.2.3', architecture: 'x86_64' },
      progress: call.progress ?? NO_PROGRESS,
      signal: call.signal ?? new AbortController().signal,
      stallMs: call.stallMs ?? 60_000,
      pid: process.pid,
    };
  }

  return {
    ...device,
    running,
    target,
    slot: (slot) => readFileSync(system.slotDevice(slot)),
    holds: (slot, { image }) =>
      readFileSync(system.slotDevice(slot)).subarray(0, image.length).equals(image),
    blank: (slot) =>
      readFileSync(system.slotDevice(slot)).subarray(0, 4096).equals(Buffer.alloc(4096)),
    trial: () => envStore(system.paths.esp).readEnv().value?.trial,
    trust(publicPem) {
      mkdirSync(keys, { recursive: true });
      trusted += 1;
      writeFileSync(join(keys, `${trusted}.pem`), publicPem);
    },
    async apply(update, call = {}) {
      const made = await world(update, call);
      try {
        return await applyUpdate(made);
      } finally {
        await made.source.close();
      }
    },
    async plan(update, call = {}) {
      const made = await world(update, call);
      try {
        return await planOnly(made);
      } finally {
        await made.source.close();
      }
    },
  };
}

/** In place of a mount, which needs root and a loop device: debugfs unpacks the file system. */
function answerMounts(device: TestDevice): void {
  device.answer('/usr/bin/mount', async (_file, args) => {
    const [slot = '', root = ''] = args.slice(-2);
    if (args.some((arg) => arg.startsWith('remount'))) {
      throw new TypeError('the ESP of a test is a directory');
    }
    await run('/usr/sbin/debugfs', ['-R', `rdump /boot /etc /usr ${root}`, slot]);
    return DONE;
  });
  device.answer('/usr/bin/umount', async (_file, args) => {
    rmSync(args.at(-1) ?? '', { recursive: true });
    return DONE;
  });
}

const DONE = { stdout: '', stderr: '', exitCode: 0 };

/** Bytes as a pipe delivers them, in pieces that match no chunk. */
function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 7777) {
    yield bytes.subarray(at, at + 7777);
  }
}
