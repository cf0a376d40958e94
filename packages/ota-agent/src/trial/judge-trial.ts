import type { BootEnv } from '@micro-linux/core';
import type { BootedSlot } from '../slots/booted-slot.ts';
import { readHistory } from '../state/history.ts';
import { readTrial, type TrialRecord } from '../state/trial.ts';
import { readBootId } from '../system/boot-id.ts';
import type { System } from '../system/system.ts';
import { type FailureReason, failureReason } from './failure-reason.ts';
import { gatherTraces } from './gather-traces.ts';
import { type TrialOutcome, toldOf, trialOutcome } from './trial-outcome.ts';
import { hasTraces, type TrialTraces } from './trial-traces.ts';

/** State of the trial, and why it failed if it did. */
export type TrialJudgement =
  | { readonly outcome: 'none' }
  | {
      readonly outcome: Exclude<TrialOutcome, 'none' | 'failed'>;
      readonly trial: TrialRecord;
    }
  | {
      readonly outcome: 'failed';
      readonly trial: TrialRecord;
      readonly reason: FailureReason;
    };

/**
 * Determines the state of the trial; writes nothing.
 *
 * @param env the block `grubenv` as it was found; undefined when it was damaged.
 * @throws MicroLinuxError `state-unreadable`.
 */
export async function judgeTrial(
  system: System,
  booted: BootedSlot,
  env: BootEnv | undefined,
): Promise<TrialJudgement> {
  const trial = readTrial(system.paths.state);
  if (!trial) {
    return { outcome: 'none' };
  }
  let found: TrialTraces | undefined;
  const traces = async () => {
    found ??= await gatherTraces(system, trial, booted.skipped);
    return found;
  };
  const outcome = await trialOutcome(
    {
      trial,
      running: booted.slot,
      bootId: readBootId(system),
      armed: env?.trial?.slot,
      envSound: env !== undefined,
      told: toldOf(trial.slot, readHistory(system.paths.state).entries),
    },
    async () => hasTraces(await traces()),
  );
  switch (outcome) {
    case 'none':
      return { outcome };
    case 'failed':
      return { outcome, trial, reason: failureReason(await traces()) };
    default:
      return { outcome, trial };
  }
}
