import { EnvVariable, slotOkVariable } from '../layout/env-variables.ts';
import { isSlot, SLOTS, type Slot } from '../layout/slots.ts';
import { FACTORY_MARK } from './boot-mark.ts';

/**
 * Maximum number of tries of a trial or a counter: GRUB script has no arithmetic, so it counts by
 * table.
 */
export const MAX_TRIES = 7;

/** Boots without success before GRUB switches to the other slot, by default. */
export const DEFAULT_BOOT_COUNTER = 3;

/** Every variable of the env block by its name: `EnvVariable` plus our own. */
export const BootVariable = {
  savedEntry: EnvVariable.savedEntry,
  nextEntry: EnvVariable.nextEntry,
  /**
   * Tries left for `next_entry`, including this boot; missing means 1, as `grub-reboot` leaves it.
   */
  nextTries: 'next_tries',
  bootSuccess: EnvVariable.bootSuccess,
  bootCounter: EnvVariable.bootCounter,
  /** Tries left for the other slot after the confirmed one has used up its own. */
  fallbackCounter: 'fallback_counter',
  okA: slotOkVariable('A'),
  okB: slotOkVariable('B'),
  /** Identifies the disk; no choice depends on it. See boot-mark.ts. */
  bootMark: 'boot_mark',
} as const;

/** All names, in the order in which they are written; GRUB's load_env reads only these. */
export const BOOT_VARIABLES: readonly string[] = Object.values(BootVariable);

/** A slot on trial and its remaining boots. */
export interface Trial {
  readonly slot: Slot;
  /** 1 to {@link MAX_TRIES}. */
  readonly tries: number;
}

/** A readable env block, as GRUB and the agent both interpret it. */
export interface BootEnv {
  /** `saved_entry`: the last slot that was healthy. */
  readonly confirmed: Slot;
  /** `next_entry` with `next_tries`; undefined when no slot is on trial. */
  readonly trial: Trial | undefined;
  /** `boot_success`: whether the last boot, of whichever slot, was marked healthy. */
  readonly success: boolean;
  /** `boot_counter`, 0 to 7; undefined when missing or damaged, which counts as full. */
  readonly counter: number | undefined;
  /** `fallback_counter`, like `counter`. */
  readonly fallbackCounter: number | undefined;
  /** `A_ok`, `B_ok`: whether GRUB may fall back to a slot. Only the text `1` means yes. */
  readonly ok: Readonly<Record<Slot, boolean>>;
}

/** Variables of an env block, as any parser returns them. */
export type Variables = ReadonlyMap<string, string> | Readonly<Record<string, string>>;

/** What {@link readBootEnv} found. */
export interface BootEnvReading {
  /** Undefined when the block names no confirmed slot: GRUB treats such a block as damaged. */
  readonly env: BootEnv | undefined;
  /** Invalid values and how they are interpreted; for people. Empty when there are none. */
  readonly problems: readonly string[];
}

/**
 * Interprets the variables of one env block exactly as grub.cfg does. Never throws: an invalid
 * value is reported in `problems` and replaced by the safe one.
 */
export function readBootEnv(variables: Variables): BootEnvReading {
  const problems: string[] = [];
  const get = (name: string): string | undefined =>
    variables instanceof Map
      ? variables.get(name)
      : Object.hasOwn(variables, name)
        ? (variables as Readonly<Record<string, string>>)[name]
        : undefined;

  const confirmed = get(BootVariable.savedEntry);
  if (!isSlot(confirmed)) {
    return { env: undefined, problems: [problem(BootVariable.savedEntry, confirmed, 'no slot')] };
  }

  const next = get(BootVariable.nextEntry);
  let trial: Trial | undefined;
  if (isSlot(next)) {
    const text = get(BootVariable.nextTries);
    const tries = digit(text);
    if (tries === undefined && text !== undefined && text !== '') {
      problems.push(problem(BootVariable.nextTries, text, 'one try'));
    }
    trial = tries === 0 ? undefined : { slot: next, tries: tries ?? 1 };
  } else if (next !== undefined && next !== '') {
    problems.push(problem(BootVariable.nextEntry, next, 'no trial'));
  }

  const flag = (name: string): boolean => {
    const text = get(name);
    if (text !== '0' && text !== '1') {
      problems.push(problem(name, text, '0'));
    }
    return text === '1';
  };
  const counter = (name: string): number | undefined => {
    const count = digit(get(name));
    if (count === undefined) {
      problems.push(problem(name, get(name), 'a full counter'));
    }
    return count;
  };
  return {
    env: {
      confirmed,
      trial,
      success: flag(BootVariable.bootSuccess),
      counter: counter(BootVariable.bootCounter),
      fallbackCounter: counter(BootVariable.fallbackCounter),
      ok: { A: flag(BootVariable.okA), B: flag(BootVariable.okB) },
    },
    problems,
  };
}

/** Reads the `confirmed` marker block: the slot that it names, or undefined. */
export function readConfirmedMarker(variables: Variables): Slot | undefined {
  const text =
    variables instanceof Map
      ? variables.get(EnvVariable.confirmed)
      : (variables as Readonly<Record<string, string>>)[EnvVariable.confirmed];
  return isSlot(text) ? text : undefined;
}

/** The variables of the marker block that names `slot`. */
export function confirmedMarker(slot: Slot): Readonly<Record<string, string>> {
  return { [EnvVariable.confirmed]: slot };
}

/**
 * All variables that represent `env`, in the order of {@link BOOT_VARIABLES}.
 *
 * @param mark `boot_mark`: use a new one for each block that a device writes.
 * @throws RangeError when a count is not a whole number from 0 (a trial: 1) to {@link MAX_TRIES}.
 */
export function bootEnvVariables(
  env: BootEnv,
  mark: string = FACTORY_MARK,
): Readonly<Record<string, string>> {
  return {
    [BootVariable.savedEntry]: env.confirmed,
    [BootVariable.nextEntry]: env.trial?.slot ?? '',
    [BootVariable.nextTries]: env.trial ? digitText(env.trial.tries, 1) : '0',
    [BootVariable.bootSuccess]: env.success ? '1' : '0',
    [BootVariable.bootCounter]: digitText(env.counter ?? DEFAULT_BOOT_COUNTER, 0),
    [BootVariable.fallbackCounter]: digitText(env.fallbackCounter ?? DEFAULT_BOOT_COUNTER, 0),
    ...Object.fromEntries(SLOTS.map((slot) => [slotOkVariable(slot), env.ok[slot] ? '1' : '0'])),
    [BootVariable.bootMark]: mark,
  };
}

/** Checks a count before it is written; returns it as a single digit. */
export function digitText(count: number, least: number): string {
  if (!Number.isInteger(count) || count < least || count > MAX_TRIES) {
    throw new RangeError(`${count} is not a whole number from ${least} to ${MAX_TRIES}`);
  }
  return String(count);
}

function digit(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-7]$/.test(text) ? Number(text) : undefined;
}

function problem(name: string, text: string | undefined, meaning: string): string {
  const value = text === undefined ? 'is missing' : `has the value ${JSON.stringify(text)}`;
  return `${name} ${value}: understood as ${meaning}`;
}
