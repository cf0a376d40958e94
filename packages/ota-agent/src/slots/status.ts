import { EspPath, SLOTS, type Slot } from '@micro-linux/core';
import type { System } from '../system/system.ts';
import { bootedSlot } from './booted-slot.ts';
import { type BlockReading, envStore } from './env-store.ts';
import { readImageInfo } from './image-info.ts';

/** One slot in the status. */
export interface SlotStatus {
  readonly name: Slot;
  /** Whether it may be fallen back to. */
  readonly ok: boolean;
  readonly booted: boolean;
  readonly confirmed: boolean;
  readonly trial: boolean;
}

/** The status as `--json` prints it: flat but for the list of slots. */
export interface Status {
  readonly booted: Slot;
  /** Why GRUB chose the slot; see docs/boot-states.md. Null when it did not say. */
  readonly bootReason: string | null;
  /** Null when no block tells. */
  readonly confirmed: Slot | null;
  /** Whether the running system was marked healthy. */
  readonly bootSuccess: boolean;
  readonly bootCounter: number | null;
  /** The slot to be tried at the next boot, and how often. */
  readonly trial: Slot | null;
  readonly trialTries: number;
  readonly profile: string | null;
  readonly version: string | null;
  readonly compatible: string | null;
  readonly buildId: string | null;
  readonly kernel: string | null;
  /** `ok`, `suspect` (some values make no sense) or `damaged`. */
  readonly env: EnvHealth;
  readonly envCopy: EnvHealth;
  readonly marker: EnvHealth;
  readonly problems: readonly string[];
  readonly slots: readonly SlotStatus[];
}

export type EnvHealth = 'ok' | 'suspect' | 'damaged';

/** Gathers the status; writes nothing. @throws MicroLinuxError as `bootedSlot` and `envStore`. */
export function readStatus(system: System): Status {
  const { slot: booted, reason } = bootedSlot(system);
  const store = envStore(system.paths.esp);
  const readings = [
    [EspPath.env, store.readEnv()],
    [EspPath.envCopy, store.readCopy()],
  ] as const;
  const [[, first], [, copy]] = readings;
  const marker = store.readMarker();
  const env = first.value ?? copy.value;
  const confirmed = env?.confirmed ?? marker.value ?? null;
  const image = readImageInfo(system.paths.imageInfo);
  return {
    booted,
    bootReason: reason ?? null,
    confirmed,
    bootSuccess: env?.success ?? false,
    bootCounter: env?.counter ?? null,
    trial: env?.trial?.slot ?? null,
    trialTries: env?.trial?.tries ?? 0,
    profile: image.profile ?? null,
    version: image.version ?? null,
    compatible: image.compatible ?? null,
    buildId: image.buildId ?? null,
    kernel: image.kernel ?? null,
    env: health(first),
    envCopy: health(copy),
    marker: health(marker),
    problems: [...readings, [EspPath.confirmed, marker] as const].flatMap(([path, { problems }]) =>
      problems.map((problem) => `${path}: ${problem}`),
    ),
    slots: SLOTS.map((name) => ({
      name,
      ok: env?.ok[name] ?? false,
      booted: name === booted,
      confirmed: name === confirmed,
      trial: name === env?.trial?.slot,
    })),
  };
}

/** The status as people read it. */
export function statusText(status: Status): string {
  const system = [status.profile, status.version].filter((part) => part !== null).join(' ');
  const state =
    status.booted !== status.confirmed
      ? 'on trial, not confirmed yet'
      : status.bootSuccess
        ? 'confirmed, healthy'
        : 'confirmed before, this boot not yet';
  const lines = [
    `system    ${system === '' ? 'unknown' : system}${status.kernel === null ? '' : `, kernel ${status.kernel}`}`,
    `running   slot ${status.booted} (${state})${status.bootReason === null ? '' : `, chosen as ${status.bootReason}`}`,
    ...status.slots.map(
      (slot) =>
        `slot ${slot.name}    ${slot.ok ? 'ok' : 'not ok'}${slot.confirmed ? ', confirmed' : ''}${
          slot.trial
            ? `, to be tried ${status.trialTries === 1 ? 'once' : `${status.trialTries} times`}`
            : ''
        }`,
    ),
    `boot env  ${status.env}, copy ${status.envCopy}, marker ${status.marker}`,
    ...status.problems.map((problem) => `          ${problem}`),
  ];
  return lines.join('\n');
}

function health(reading: BlockReading<unknown>): EnvHealth {
  if (reading.value === undefined) {
    return 'damaged';
  }
  return reading.problems.length === 0 ? 'ok' : 'suspect';
}
