import { join } from 'node:path';
import { printableLine, type Slot } from '@micro-linux/core';
import * as z from 'zod';
import { writeStateFile } from '../state/state-file.ts';
import { readStateRecord, slotSchema, timeSchema } from '../state/state-record.ts';
import { TRIAL_REPORT } from '../state/trial.ts';

/** Result of one check. */
export interface CheckResult {
  readonly id: string;
  readonly ok: boolean;
  readonly note: string;
  /** The end of the output of a program or a failed unit, at most 4 KiB. */
  readonly output: string;
  /** Until it passed, or the time to settle was over. */
  readonly seconds: number;
}

/** Results of all checks; saved in `health.json` when the unit ran them. */
export interface HealthReport {
  readonly schema: 1;
  readonly healthy: boolean;
  /** Null when it is unknown which slot runs. */
  readonly slot: Slot | null;
  readonly version: string | null;
  /** The kernel's name for this boot. */
  readonly bootId: string;
  readonly at: string;
  /** Whether the slot was on trial, so that it was also compared with the system before. */
  readonly trial: boolean;
  readonly seconds: number;
  readonly checks: readonly CheckResult[];
}

const reportSchema = z.object({
  schema: z.literal(1),
  healthy: z.boolean(),
  slot: slotSchema.nullable(),
  version: z.string().nullable(),
  bootId: z.string(),
  at: timeSchema,
  trial: z.boolean(),
  seconds: z.number(),
  checks: z.array(
    z.object({
      id: z.string(),
      ok: z.boolean(),
      note: z.string(),
      output: z.string(),
      seconds: z.number(),
    }),
  ),
});

/** The latest report, of either slot. @throws `state-unreadable`. */
export function readHealthReport(directory: string): HealthReport | undefined {
  return readStateRecord(reportPath(directory), reportSchema);
}

/** The report of the trial that is not settled yet. @throws `state-unreadable`. */
export function readTrialReport(directory: string): HealthReport | undefined {
  return readStateRecord(join(directory, TRIAL_REPORT), reportSchema);
}

/**
 * Saves a report. The report of a trial is saved a second time: after a rollback the old system's
 * checks run before its mark step collects the traces of the trial.
 *
 * @throws MicroLinuxError `state-unwritable`.
 */
export function writeHealthReport(directory: string, report: HealthReport): void {
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (report.trial) {
    writeStateFile(join(directory, TRIAL_REPORT), text);
  }
  writeStateFile(reportPath(directory), text);
}

/** As text: one line per check, followed by the output of a failed one. */
export function healthText(report: HealthReport): string {
  const lines = report.checks.flatMap(({ id, ok, note, output }) => [
    printableLine(`${ok ? 'ok    ' : 'FAILED'}  ${id}: ${note}`),
    ...(ok || output.trim() === ''
      ? []
      : output
          .trimEnd()
          .split('\n')
          .map((line) => `          ${line}`)),
  ]);
  return [...lines, report.healthy ? 'healthy' : 'not healthy'].join('\n');
}

const reportPath = (directory: string) => join(directory, 'health.json');
