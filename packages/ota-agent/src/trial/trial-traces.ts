import type { HealthReport } from '../health/report.ts';

/** A boot in the journal. */
export interface JournalBoot {
  /** Seconds after its start at which the last line was written. */
  readonly lastAt: number | undefined;
  /** Lines about fatal failures, oldest first. */
  readonly disasters: readonly string[];
  /** Whether it was shut down on request. */
  readonly orderly: boolean;
  /** The last lines. */
  readonly tail: readonly string[];
}

/** Traces of a failed trial. */
export interface TrialTraces {
  /** GRUB reported in this boot that the slot could not be loaded. */
  readonly skipped: boolean;
  /** The health report of the trial boot. */
  readonly health: HealthReport | undefined;
  /** The record of the script that ended the trial boot. */
  readonly failure: string | undefined;
  /** Lines that a crashing kernel wrote into pstore, the most informative first. */
  readonly pstore: readonly string[];
  /** Whether a watchdog reports that it restarted the machine. */
  readonly watchdog: boolean;
  /** Boots of the slot since the trial was armed, oldest first. */
  readonly boots: readonly JournalBoot[];
}

/** Whether anything shows that the slot was started, or could not be. */
export function hasTraces(traces: TrialTraces): boolean {
  return (
    traces.skipped ||
    traces.health !== undefined ||
    traces.failure !== undefined ||
    traces.pstore.length > 0 ||
    traces.boots.length > 0
  );
}
