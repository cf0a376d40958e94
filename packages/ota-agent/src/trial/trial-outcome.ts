import type { Slot } from '@micro-linux/core';
import type { HistoryEvent, HistoryKind } from '../state/history.ts';
import type { TrialRecord } from '../state/trial.ts';

/** How a trial stands, seen from a running system. */
export type TrialOutcome =
  /** There is none. */
  | 'none'
  /** Armed and not started yet, or started in vain with tries left: GRUB will go on with it. */
  | 'waiting'
  /** It runs; whether it is healthy is for others to say. */
  | 'running'
  /** GRUB never got to start it: power was cut before it was told, or it was told in vain. */
  | 'lost'
  /** It had its tries, and the other slot runs. */
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
  /** Whether GRUB was told of it for sure: the history says so, which is written after that. */
  readonly told: boolean;
}

/** What whoever arms a trial adds to the history once it is armed. */
const ARMED: ReadonlySet<HistoryKind> = new Set(['installed', 'rollback']);
/** What ends a trial. */
const ENDED: ReadonlySet<HistoryKind> = new Set([
  'confirmed',
  'rolled-back',
  'condemned',
  'interrupted',
]);

/** Whether the last thing that the history tells of trials is that one of `slot` was armed. */
export function toldOf(slot: Slot, history: readonly HistoryEvent[]): boolean {
  const last = history.findLast(({ event }) => ARMED.has(event) || ENDED.has(event));
  return last !== undefined && ARMED.has(last.event) && last.slot === slot;
}

/**
 * What became of a trial.
 *
 * @param traces whether anything shows that the slot was started; asked only where it matters.
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
