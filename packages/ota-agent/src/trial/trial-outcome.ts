import type { Slot } from '@micro-linux/core';
import type { TrialRecord } from '../state/trial.ts';

/** How a trial stands, seen from a running system. */
export type TrialOutcome =
  /** There is none. */
  | 'none'
  /** Armed and not started yet, or started in vain with tries left: GRUB will go on with it. */
  | 'waiting'
  /** It runs; whether it is healthy is for others to say. */
  | 'running'
  /** GRUB forgot it before it could start it: its environment was damaged. */
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
  const { trial, running, bootId, armed, envSound } = facts;
  if (!trial) {
    return 'none';
  }
  if (trial.slot === running) {
    return 'running';
  }
  if (bootId === trial.bootId || armed === trial.slot) {
    return 'waiting';
  }
  return envSound || (await traces()) ? 'failed' : 'lost';
}
