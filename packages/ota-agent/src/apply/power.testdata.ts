import { readFileSync, writeFileSync } from 'node:fs';
import type { Effects } from '../effects/effects.ts';
import { openDeviceReader } from '../raw-device/device-reader.ts';
import type { RawDevice } from '../raw-device/raw-device.ts';

/** What a disk does with writes that were not synced when power was cut. */
export const LOSSES = ['none', 'all', 'every-other', 'torn'] as const;
export type Loss = (typeof LOSSES)[number];

/** Power was cut: nothing runs any more. */
export class PowerCut extends Error {}

/** Counts every change of a disk, and cuts power at one of them. */
export interface Power {
  /** The changes begun so far, by name. */
  readonly log: readonly string[];
  /** Effects that depend on the power. */
  over(real: Effects): Effects;
}

interface PendingWrite {
  readonly offset: number;
  readonly data: Buffer;
}

/**
 * Power that lasts for `ticks` changes. Files and blocks of the environment are changed whole or
 * not at all, as their writers guarantee; unsynced writes to a slot reach its disk as
 * `loss` says.
 */
export function power(ticks: number, loss: Loss): Power {
  const log: string[] = [];
  let pending: PendingWrite[] = [];
  let on = true;

  function tick<T>(name: string, action: () => T): T {
    if (!on) {
      throw new PowerCut();
    }
    log.push(name);
    if (log.length > ticks) {
      on = false;
      throw new PowerCut(`at ${log.length}: ${name}`);
    }
    return action();
  }

  /** Writes as the disk would, past the page cache. */
  function store(path: string, writes: readonly PendingWrite[]): void {
    const bytes = readFileSync(path);
    for (const { offset, data } of writes) {
      data.copy(bytes, offset);
    }
    writeFileSync(path, bytes);
  }

  function volatileSlot(real: RawDevice, run: Parameters<typeof openDeviceReader>[1]): RawDevice {
    return {
      path: real.path,
      bytes: real.bytes,
      async write(offset, data) {
        const write = { offset, data: Buffer.from(data) };
        try {
          tick(`write ${offset}`, () => pending.push(write));
        } catch (error) {
          if (pending.length > 0 || loss !== 'none') {
            store(real.path, surviving([...pending, write], loss));
            pending = [];
          }
          throw error;
        }
      },
      async sync() {
        try {
          tick('sync', () => store(real.path, pending));
        } catch (error) {
          store(real.path, surviving(pending, loss));
          throw error;
        } finally {
          pending = [];
        }
      },
      // Only synced data can be read back.
      openReader: () => openDeviceReader(real.path, run),
      close: () => real.close(),
    };
  }

  return {
    log,
    over: (real) => ({
      async openSlot(path) {
        const device = await real.openSlot(path);
        return volatileSlot(device, async () => ({ stdout: '', stderr: '', exitCode: 0 }));
      },
      lookInto: (path, look) => real.lookInto(path, look),
      env: everyCall(real.env, tick),
      state: everyCall(real.state, tick),
    }),
  };
}

/** Puts a tick before every function of an object. */
function everyCall<T extends object>(real: T, tick: <R>(name: string, action: () => R) => R): T {
  return new Proxy(real, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function'
        ? (...args: unknown[]) => tick(String(name), () => value.apply(target, args))
        : value;
    },
  });
}

function surviving(pending: readonly PendingWrite[], loss: Loss): readonly PendingWrite[] {
  switch (loss) {
    case 'none':
      return pending;
    case 'all':
      return [];
    case 'every-other':
      return pending.filter((_, index) => index % 2 === 1);
    case 'torn':
      return pending.map(({ offset, data }) => ({
        offset,
        data: data.subarray(0, Math.ceil(data.length / 2 / 512) * 512),
      }));
  }
}
