import type { HealthReport } from '../health/report.ts';

/** A boot that the journal knows of. */
export interface JournalBoot {
  /** Seconds after its start at which the last line was written. */
  readonly lastAt: number | undefined;
  /** Lines that tell of a disaster, oldest first. */
  readonly disasters: readonly string[];
  /** Whether it went down in an orderly way: somebody asked for it. */
  readonly orderly: boolean;
  /** The last lines of all. */
  readonly tail: readonly string[];
}

/** What a trial left behind that did not succeed. */
export interface TrialTraces {
  /** GRUB said so in this very boot: the slot could not be loaded. */
  readonly skipped: boolean;
  /** The health report of the trial boot. */
  readonly health: HealthReport | undefined;
  /** What the scripts that end a trial boot wrote down. */
  readonly failure: string | undefined;
  /** Lines of what a dying kernel wrote into pstore, the most telling first. */
  readonly pstore: readonly string[];
  /** Whether a watchdog says that it restarted the machine. */
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
