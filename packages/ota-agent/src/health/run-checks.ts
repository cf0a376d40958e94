import type { System } from '../system/system.ts';
import type { Check, Finding } from './check.ts';
import type { CheckResult } from './report.ts';

/** Pause before a failed check is repeated. */
const PAUSE_MS = 2000;
const OUTPUT_CHARACTERS = 4096;

export interface RunOptions {
  /** How long failing checks are repeated. */
  readonly settleMs: number;
  /** Limit of one attempt. */
  readonly timeoutMs: number;
  /** When, on the clock of `uptime`, everything must have ended; in seconds. */
  readonly endBy: number;
}

/**
 * Runs the checks in rounds, one after the other, until all have passed or the time is over; a
 * check that passed is not repeated. Never rejects, and always ends: a check gets at most its
 * timeout, and less when `endBy` is near.
 */
export async function runChecks(
  system: System,
  checks: readonly Check[],
  options: RunOptions,
): Promise<readonly CheckResult[]> {
  const startedAt = system.uptime();
  const settledAt = Math.min(startedAt + options.settleMs / 1000, options.endBy);
  const results = new Map<Check, CheckResult>();
  for (;;) {
    for (const check of checks.filter((candidate) => !results.get(candidate)?.ok)) {
      const leftMs = Math.floor((options.endBy - system.uptime()) * 1000);
      const finding =
        leftMs > 0 || !results.has(check)
          ? await attempt(check, Math.min(options.timeoutMs, Math.max(leftMs, 1000)))
          : undefined;
      if (finding) {
        results.set(check, {
          id: check.id,
          ok: finding.ok,
          note: finding.note,
          output: tail(finding.output ?? ''),
          seconds: round(system.uptime() - startedAt),
        });
      }
    }
    const failing = checks.some((check) => !results.get(check)?.ok);
    if (!failing || system.uptime() + PAUSE_MS / 1000 > settledAt) {
      break;
    }
    await system.pause(PAUSE_MS);
  }
  return Promise.all(checks.map((check) => explained(check, results.get(check))));
}

async function attempt(check: Check, timeoutMs: number): Promise<Finding> {
  try {
    return await check.look(timeoutMs);
  } catch (error) {
    return { ok: false, note: error instanceof Error ? error.message : String(error) };
  }
}

async function explained(check: Check, result: CheckResult | undefined): Promise<CheckResult> {
  if (result === undefined) {
    return { id: check.id, ok: false, note: 'there was no time for it', output: '', seconds: 0 };
  }
  if (result.ok || !check.explain) {
    return result;
  }
  const explanation = await check.explain().catch(() => '');
  return { ...result, output: tail(explanation === '' ? result.output : explanation) };
}

/** The end of a text, from the start of a line if it had to be cut. */
function tail(text: string): string {
  if (text.length <= OUTPUT_CHARACTERS) {
    return text;
  }
  const end = text.slice(-OUTPUT_CHARACTERS);
  return end.includes('\n') ? end.slice(end.indexOf('\n') + 1) : end;
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
