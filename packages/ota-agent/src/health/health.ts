import { MicroLinuxError, type Slot } from '@micro-linux/core';
import { loadConfigAtBoot } from '../config/load-config.ts';
import { logEvent, Priority } from '../journal/journal.ts';
import { MessageId } from '../journal/message-ids.ts';
import { bootedSlot } from '../slots/booted-slot.ts';
import { readImageInfo } from '../slots/image-info.ts';
import { type Baseline, readTrial, type TrialRecord } from '../state/trial.ts';
import { readBootId } from '../system/boot-id.ts';
import type { System } from '../system/system.ts';
import { planChecks } from './plan-checks.ts';
import { type HealthReport, writeHealthReport } from './report.ts';
import { runChecks } from './run-checks.ts';

/** What is left for telling what failed, before a trial boot is ended. */
const RESERVE_SECONDS = 20;

export interface HealthOptions {
  /** For the unit: failing checks get time to settle, and the report is kept. */
  readonly record: boolean;
}

export interface HealthResult {
  readonly report: HealthReport;
  /** What could not be looked at, for people. */
  readonly notes: readonly string[];
}

/**
 * Runs every check of this boot.
 *
 * @throws MicroLinuxError `state-unwritable` when the report cannot be kept.
 */
export async function checkHealth(system: System, options: HealthOptions): Promise<HealthResult> {
  const { config, problems } = loadConfigAtBoot(system.paths.config);
  const slot = slotOrNull(system);
  const { trial, note } = runningTrial(system, slot);
  const baseline = trial && comparable(trial);
  const startedAt = system.uptime();
  const checks = await runChecks(system, planChecks(system, config, baseline), {
    settleMs: options.record ? config.health.settleSeconds * 1000 : 0,
    timeoutMs: config.health.timeoutSeconds * 1000,
    endBy: trial ? trial.deadlineSeconds - RESERVE_SECONDS : Number.POSITIVE_INFINITY,
  });
  const report: HealthReport = {
    schema: 1,
    healthy: checks.every(({ ok }) => ok),
    slot,
    version: readImageInfo(system.paths.imageInfo).version ?? null,
    bootId: readBootId(system),
    at: system.now().toISOString(),
    trial: trial !== undefined,
    seconds: Math.round((system.uptime() - startedAt) * 10) / 10,
    checks,
  };
  if (options.record) {
    writeHealthReport(system.paths.state, report);
    if (!report.healthy) {
      await logEvent(system, {
        messageId: MessageId.unhealthy,
        priority: Priority.error,
        message: `this boot is not healthy: ${failedText(report)}`,
        fields: { slot, version: report.version, trial: report.trial },
      });
    }
  }
  return { report, notes: [...problems, ...(note === undefined ? [] : [note])] };
}

/** What failed, in one line: `units/ssh.service (ssh.service is failed)`. */
export function failedText(report: HealthReport): string {
  return report.checks
    .filter(({ ok }) => !ok)
    .map(({ id, note }) => `${id} (${note})`)
    .join('; ');
}

/** An older image that somebody went back to may well have fewer services. */
function comparable({ kind, baseline }: TrialRecord): Baseline {
  return kind === 'update' ? baseline : { ...baseline, units: [] };
}

function slotOrNull(system: System): Slot | null {
  try {
    return bootedSlot(system).slot;
  } catch {
    // Whoever marks this boot is told; what runs can be checked all the same.
    return null;
  }
}

/** The trial that this boot is, if it is one. */
function runningTrial(
  system: System,
  slot: Slot | null,
): { readonly trial: TrialRecord | undefined; readonly note?: string } {
  try {
    const trial = readTrial(system.paths.state);
    return { trial: trial?.slot === slot ? trial : undefined };
  } catch (error) {
    const why = error instanceof MicroLinuxError ? error.message : String(error);
    return { trial: undefined, note: `not compared with the system before: ${why}` };
  }
}
