import type { Slot } from '@micro-linux/core';
import type { HistoryEvent, HistoryKind } from '../state/history.ts';
import type { TrialRecord } from '../state/trial.ts';

/** State of a trial, seen from a running system. */
export type TrialOutcome =
  /** There is none. */
  | 'none'
  /** Armed and not started yet, or failed with tries left: GRUB will try it again. */
  | 'waiting'
  /** It is running, healthy or not. */
  | 'running'
  /** GRUB never started it: power was cut before the try was set, or the setting was lost. */
  | 'lost'
  /** It used up its tries, and the other slot runs. */
  | 'failed';

export interface TrialFacts {
  readonly trial: TrialRecord | undefined;
  readonly running: Slot;
  /** The kernel's name for this boot. */
  readonly bootId: string;
  /** The slot that `next_entry` names; undefined when none is left. */
  readonly armed: Slot | undefined;
  /** Whether `grubenv` itself could be read in this boot. */
  readonly envSound: boolean;
  /** Whether GRUB was set to try it, according to the history, which is written afterwards. */
  readonly told: boolean;
}

/** History events of an armed trial. */
const ARMED: ReadonlySet<HistoryKind> = new Set(['installed', 'rollback']);
/** History events that end a trial. */
const ENDED: ReadonlySet<HistoryKind> = new Set([
  'confirmed',
  'rolled-back',
  'condemned',
  'interrupted',
]);

/** Whether the last history event about trials is that one of `slot` was armed. */
export function toldOf(slot: Slot, history: readonly HistoryEvent[]): boolean {
  const last = history.findLast(({ event }) => ARMED.has(event) || ENDED.has(event));
  return last !== undefined && ARMED.has(last.event) && last.slot === slot;
}

/**
 * The outcome of a trial.
 *
 * @param traces whether anything shows that the slot was started; called only if needed.
 */
export async function trialOutcome(
  facts: TrialFacts,
  traces: () => Promise<boolean>,
): Promise<TrialOutcome> {
  const { trial, running, bootId, armed, envSound, told } = facts;
  if (!trial) {
    return 'none';
  }
  if (trial.slot === running) {
    return 'running';
  }
  if (bootId === trial.bootId || armed === trial.slot) {
    return 'waiting';
  }
  return (envSound && told) || (await traces()) ? 'failed' : 'lost';
}
