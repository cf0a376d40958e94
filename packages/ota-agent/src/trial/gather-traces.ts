import type { Slot } from '@micro-linux/core';
import { readTrialReport } from '../health/report.ts';
import { readTrialFailure, type TrialRecord } from '../state/trial.ts';
import { readBootId } from '../system/boot-id.ts';
import type { System } from '../system/system.ts';
import { bootsOf } from './boot-journal.ts';
import { pstoreLines, watchdogFired } from './kernel-traces.ts';
import type { TrialTraces } from './trial-traces.ts';

/**
 * Collects the traces of a trial that did not succeed.
 *
 * @param skipped the slot that GRUB could not start in this boot.
 * @throws MicroLinuxError `state-unreadable`.
 */
export async function gatherTraces(
  system: System,
  trial: TrialRecord,
  skipped: Slot | undefined,
): Promise<TrialTraces> {
  const { state, pstore, watchdogs } = system.paths;
  const health = readTrialReport(state);
  return {
    skipped: skipped === trial.slot,
    // writeTrial has removed the reports of earlier boots.
    health: health?.slot === trial.slot ? health : undefined,
    failure: readTrialFailure(state),
    pstore: pstoreLines(pstore, new Date(trial.armedAt)),
    watchdog: watchdogFired(watchdogs),
    boots: await bootsOf(system, trial.slot, trial.bootId, readBootId(system)),
  };
}
