import { isSlot, otherSlot, SLOTS, type Slot } from '../layout/slots.ts';
import { type BootEnv, BootVariable, DEFAULT_BOOT_COUNTER, digitText } from './boot-env.ts';
import { isBootMark, MarkedBlock, NO_MARK, nextMark } from './boot-mark.ts';
import {
  type BootReason,
  type BootSource,
  type Candidate,
  type Condition,
  type CounterWrite,
  STANDING_RULES,
  type StandingRule,
} from './boot-table.ts';

/** Everything that GRUB's choice depends on. */
export interface BootState {
  /** The block `grubenv`; undefined when it cannot be read or names no confirmed slot. */
  readonly env: BootEnv | undefined;
  /** The block `grubenv.copy`, likewise. */
  readonly copy: BootEnv | undefined;
  /** The slot that the marker `confirmed` names. */
  readonly marker: Slot | undefined;
  /** `boot_mark` of the block that is used, as written there. */
  readonly mark?: string | undefined;
  /** Whether GRUB's save_env can write. */
  readonly saves: boolean;
  /** Whether a slot's config, kernel and initrd can be loaded. */
  readonly loads: Readonly<Record<Slot, boolean>>;
}

export interface BootDecision {
  /** The slot that boots; undefined when none loads: GRUB then waits and reboots. */
  readonly slot: Slot | undefined;
  /** Reason for the slot that boots, or for the last one that was tried. */
  readonly reason: BootReason;
  /** Source of the choice, and the block that `writes` go to. */
  readonly source: BootSource;
  /** What the boot changes in the block; empty when GRUB cannot save. */
  readonly writes: Readonly<Record<string, string>>;
  /** Value of `micro_linux.mark=` for the kernel; undefined when it is left out. */
  readonly mark: string | undefined;
  /** The slots that GRUB tried to load, in order; the last one is `slot` if that is defined. */
  readonly attempts: readonly Slot[];
}

/** The settings that grub.cfg was generated with. */
export interface BootOptions {
  /** The value of a full counter, 1 to 7. */
  readonly bootCounter: number;
}

/**
 * GRUB's choice at boot, as a pure function: the counterpart of the generated grub.cfg, with which
 * e2e/grub-states compares it in every state.
 */
export function decideBoot(
  state: BootState,
  options: BootOptions = { bootCounter: DEFAULT_BOOT_COUNTER },
): BootDecision {
  const attempts: Slot[] = [];
  const load = (slots: readonly Slot[]): Slot | undefined =>
    slots.find((slot) => {
      attempts.push(slot);
      return state.loads[slot];
    });

  const source: BootSource = state.env
    ? 'env'
    : state.copy
      ? 'copy'
      : state.marker
        ? 'marker'
        : 'none';
  const env = state.env ?? state.copy;
  if (!env) {
    const known = state.marker;
    return {
      slot: load(isSlot(known) ? [known] : SLOTS),
      reason: known ? 'marker' : 'unknown',
      source,
      writes: {},
      mark: NO_MARK,
      attempts,
    };
  }

  const writes: Record<string, string> = {};
  let mark = state.mark;
  /** Like `ml_save`: each save changes the mark; if it cannot be saved, the old one stays. */
  const save = (variables: Readonly<Record<string, string>>): void => {
    if (state.saves) {
      mark = nextMark(mark);
      Object.assign(writes, variables, { [BootVariable.bootMark]: mark });
    }
  };
  const block = state.env ? MarkedBlock.env : MarkedBlock.copy;
  const told = () => (isBootMark(mark) ? `${block}:${mark}` : undefined);
  const trial = state.env?.trial;
  if (trial && state.saves) {
    const left = trial.tries - 1;
    save({
      [BootVariable.nextEntry]: left === 0 ? '' : trial.slot,
      [BootVariable.nextTries]: String(left),
      [BootVariable.bootSuccess]: '0',
    });
    const slot = load([trial.slot]);
    if (slot) {
      return { slot, reason: 'trial', source, writes, mark: told(), attempts };
    }
  }

  const facts = standingFacts(env, options.bootCounter);
  const rule = standingRule(facts.conditions);
  save({
    [BootVariable.bootSuccess]: '0',
    [BootVariable.bootCounter]: written(rule.bootCounter, facts.counter),
    [BootVariable.fallbackCounter]: written(rule.fallbackCounter, facts.fallbackCounter),
  });
  const slot = load(candidates(rule.order, env));
  return { slot, reason: rule.reason, source, writes, mark: told(), attempts };

  function written(write: CounterWrite, now: number): string {
    const count: Record<CounterWrite, number> = {
      'minus-one': Math.max(0, now - 1),
      full: options.bootCounter,
      'full-minus-one': options.bootCounter - 1,
      unchanged: now,
    };
    return digitText(count[write], 0);
  }
}

interface StandingFacts {
  readonly counter: number;
  readonly fallbackCounter: number;
  readonly conditions: Readonly<Record<Condition, boolean>>;
}

function standingFacts(env: BootEnv, full: number): StandingFacts {
  const counter = env.counter ?? full;
  const fallbackCounter = env.fallbackCounter ?? full;
  return {
    counter,
    fallbackCounter,
    conditions: {
      'confirmed-has-tries': env.ok[env.confirmed] && (env.success || counter > 0),
      'other-not-ok': !env.ok[otherSlot(env.confirmed)],
      'fallback-has-tries': fallbackCounter > 0,
    },
  };
}

function standingRule(conditions: Readonly<Record<Condition, boolean>>): StandingRule {
  const rule = STANDING_RULES.find(({ when }) => when.every((condition) => conditions[condition]));
  if (!rule) {
    throw new RangeError('the last standing rule must have no condition');
  }
  return rule;
}

function candidates(order: readonly Candidate[], env: BootEnv): Slot[] {
  const other = otherSlot(env.confirmed);
  const slots: Record<Candidate, readonly Slot[]> = {
    confirmed: [env.confirmed],
    other: [other],
    'other-if-ok': env.ok[other] ? [other] : [],
  };
  return order.flatMap((candidate) => slots[candidate]);
}
