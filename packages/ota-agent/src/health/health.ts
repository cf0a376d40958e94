import { MicroLinuxError, type Slot } from '@micro-linux/core';
import { MAXIMUM_HOSTS, splitHost } from '@micro-linux/provision';
import { loadConfigAtBoot } from '../config/load-config.ts';
import { logEvent, Priority } from '../journal/journal.ts';
import { MessageId } from '../journal/message-ids.ts';
import { bootedSlot } from '../slots/booted-slot.ts';
import { readImageInfo } from '../slots/image-info.ts';
import { keepReserve } from '../state/reserve.ts';
import { type Baseline, readTrial, type TrialRecord } from '../state/trial.ts';
import { readBootId } from '../system/boot-id.ts';
import { dataProblems } from '../system/data-problems.ts';
import type { System } from '../system/system.ts';
import { planChecks } from './plan-checks.ts';
import { type HealthReport, writeHealthReport } from './report.ts';
import { runChecks } from './run-checks.ts';

/** Time left to report what failed, before a trial boot ends. */
const RESERVE_SECONDS = 20;

export interface HealthOptions {
  /** For the unit: failing checks get time to settle, and the report is saved. */
  readonly record: boolean;
}

export interface HealthResult {
  readonly report: HealthReport;
  /** What could not be checked, in words. */
  readonly notes: readonly string[];
}

/** Runs every check of this boot. A report that cannot be saved does not affect health. */
export async function checkHealth(system: System, options: HealthOptions): Promise<HealthResult> {
  const { config, problems } = loadConfigAtBoot(system.paths.config);
  const slot = slotOrNull(system);
  const { trial, note } = runningTrial(system, slot);
  const baseline = trial && comparable(trial);
  if (options.record) {
    // Here, because every boot runs this, before the disk can fill up again.
    keepReserve(system.paths.state);
  }
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
  const notes = [...problems, ...(note === undefined ? [] : [note]), ...dataProblems(system)];
  if (options.record) {
    notes.push(...(await keepReport(system, report)));
    if (!report.healthy) {
      await logEvent(system, {
        messageId: MessageId.unhealthy,
        priority: Priority.error,
        message: `this boot is not healthy: ${failedText(report)}`,
        fields: { slot, version: report.version, trial: report.trial },
      });
    }
  }
  return { report, notes };
}

/** Returns why it could not be saved, and logs that to the journal. */
async function keepReport(system: System, report: HealthReport): Promise<readonly string[]> {
  try {
    writeHealthReport(system.paths.state, report);
    return [];
  } catch (error) {
    const why = error instanceof MicroLinuxError ? `${error.message}: ${error.why}` : String(error);
    const problem = `the report of the health checks was not saved: ${why}`;
    await logEvent(system, {
      messageId: MessageId.reportLost,
      priority: Priority.error,
      message: problem,
    });
    return [problem];
  }
}

/** The failed checks in one line: `units/ssh.service (ssh.service is failed)`. */
export function failedText(report: HealthReport): string {
  return report.checks
    .filter(({ ok }) => !ok)
    .map(({ id, note }) => `${id} (${note})`)
    .join('; ');
}

/** After a requested rollback, an older image may have fewer services. */
function comparable({ kind, baseline }: TrialRecord): Baseline {
  // Invalid names are damage: they must not make a healthy boot fail.
  const units = baseline.units.filter((name) => UNIT_NAME.test(name)).slice(0, MAXIMUM_UNITS);
  const hosts = baseline.hosts.filter((address) => splitHost(address)).slice(0, MAXIMUM_HOSTS);
  return { ...baseline, units: kind === 'update' ? units : [], hosts };
}

/** systemd.unit(5): at most 255 of these characters; it never begins with a dash here. */
const UNIT_NAME = /^[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]{0,254}$/;
/** Limit for the arguments of one systemctl call. */
const MAXIMUM_UNITS = 1000;

function slotOrNull(system: System): Slot | null {
  try {
    return bootedSlot(system).slot;
  } catch {
    // mark-boot reports this; the checks can run anyway.
    return null;
  }
}

/** The trial of this boot, if it is one. */
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
