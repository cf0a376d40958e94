import { EnvVariable, slotOkVariable } from '../layout/env-variables.ts';
import { isSlot, SLOTS, type Slot } from '../layout/slots.ts';
import { FACTORY_MARK } from './boot-mark.ts';

/** Most tries a trial or a counter can have: GRUB script has no arithmetic, so it counts by table. */
export const MAX_TRIES = 7;

/** Boots without success after which GRUB turns to the other slot, unless configured. */
export const DEFAULT_BOOT_COUNTER = 3;

/** Every variable of the env block, by its name in the block: `EnvVariable` plus our own. */
export const BootVariable = {
  savedEntry: EnvVariable.savedEntry,
  nextEntry: EnvVariable.nextEntry,
  /** Tries left for `next_entry`, this boot's included; absent means 1, as `grub-reboot` leaves it. */
  nextTries: 'next_tries',
  bootSuccess: EnvVariable.bootSuccess,
  bootCounter: EnvVariable.bootCounter,
  /** Tries left for the other slot once the confirmed one has used up its own. */
  fallbackCounter: 'fallback_counter',
  okA: slotOkVariable('A'),
  okB: slotOkVariable('B'),
  /** Which disk this is; no choice depends on it. See boot-mark.ts. */
  bootMark: 'boot_mark',
} as const;

/** All names, in the order they are written; GRUB's load_env takes these and nothing else. */
export const BOOT_VARIABLES: readonly string[] = Object.values(BootVariable);

/** A slot on trial and the boots it may still have. */
export interface Trial {
  readonly slot: Slot;
  /** 1 to {@link MAX_TRIES}. */
  readonly tries: number;
}

/** One env block that could be read, as GRUB and the agent both understand it. */
export interface BootEnv {
  /** `saved_entry`: the last slot that was healthy. */
  readonly confirmed: Slot;
  /** `next_entry` with `next_tries`; undefined when no slot is on trial. */
  readonly trial: Trial | undefined;
  /** `boot_success`: whether the last boot, of whichever slot, was marked healthy. */
  readonly success: boolean;
  /** `boot_counter`, 0 to 7; undefined when absent or damaged, which counts as full. */
  readonly counter: number | undefined;
  /** `fallback_counter`, as `counter`. */
  readonly fallbackCounter: number | undefined;
  /** `A_ok`, `B_ok`: whether a slot may be fallen back to. Only the text `1` is yes. */
  readonly ok: Readonly<Record<Slot, boolean>>;
}

/** Variables of an env block, as any parser returns them. */
export type Variables = ReadonlyMap<string, string> | Readonly<Record<string, string>>;

/** What {@link readBootEnv} found. */
export interface BootEnvReading {
  /** Undefined when the block names no confirmed slot: GRUB takes such a block for damaged. */
  readonly env: BootEnv | undefined;
  /** Values that make no sense and how they are understood; for people. Empty when all is well. */
  readonly problems: readonly string[];
}

/**
 * Understands the variables of one env block exactly as grub.cfg does. Never throws: a damaged
 * value is reported in `problems` and read as the safe one.
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

/** Reads the `confirmed` marker block: the slot it names, or undefined. */
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
 * The variables that stand for `env`, all of them, in the order of {@link BOOT_VARIABLES}.
 *
 * @param mark `boot_mark`: a new one for each block that a device writes.
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

/** Checks a count that is about to be written; returns it as the one digit it is. */
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
