import { failedText } from '../health/health.ts';
import type { HealthReport } from '../health/report.ts';
import type { TrialTraces } from './trial-traces.ts';

/** Why a trial was rolled back. */
export interface FailureReason {
  /** One line. */
  readonly summary: string;
  /** Evidence: outputs, last lines. Empty when there is none. */
  readonly details: string;
}

/** Only the end of the try is known; a power cut looks the same as a crash. */
const SILENCE = 'a kernel panic, a hang or a power cut, which also uses up a try';

/** Limit of the text in the history and the list of rejected images, in characters. */
const MAX_SUMMARY = 500;
const MAX_DETAILS = 4096;

/** Determines why a trial failed, from the strongest evidence. */
export function failureReason(traces: TrialTraces): FailureReason {
  const { summary, details } = mostTelling(traces);
  return { summary: cut(summary, MAX_SUMMARY), details: cut(details, MAX_DETAILS) };
}

function mostTelling(traces: TrialTraces): FailureReason {
  const { skipped, health, failure, pstore, watchdog, boots } = traces;
  const boot = boots.at(-1);
  const tail = boot?.tail.join('\n') ?? '';
  if (skipped) {
    return {
      summary: 'GRUB could not load it: its kernel, initrd or boot settings are missing or damaged',
      details: '',
    };
  }
  if (health && !health.healthy) {
    return {
      summary: `its health checks failed: ${failedText(health)}`,
      details: outputs(health) || (failure ?? ''),
    };
  }
  if (failure !== undefined && failure.trim() !== '') {
    const [first = '', ...rest] = failure.trim().split('\n');
    return { summary: first, details: rest.join('\n') };
  }
  const [panic] = pstore;
  if (panic !== undefined) {
    return { summary: `the kernel died: ${panic}`, details: pstore.slice(1).join('\n') };
  }
  const disaster = boot?.disasters.at(-1);
  if (boot && disaster !== undefined) {
    return {
      summary: `the last error in the journal: ${disaster}`,
      details: boot.disasters.slice(0, -1).join('\n') || tail,
    };
  }
  if (watchdog) {
    return { summary: 'it hung, and the watchdog restarted the machine', details: tail };
  }
  if (boot?.orderly) {
    return {
      summary: 'it was restarted or switched off, in an orderly way, before it was confirmed',
      details: tail,
    };
  }
  const healthy = health?.healthy ? 'its health checks passed, but ' : '';
  if (boot) {
    const when = boot.lastAt === undefined ? '' : ` after ${Math.round(boot.lastAt)} s`;
    return { summary: `${healthy}it stopped and logged nothing${when}: ${SILENCE}`, details: tail };
  }
  return {
    summary: `${healthy}it stopped before it could log anything: ${SILENCE}`,
    details: '',
  };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function outputs(report: HealthReport): string {
  return report.checks
    .filter(({ ok, output }) => !ok && output.trim() !== '')
    .map(({ id, output }) => `${id}:\n${output.trimEnd()}`)
    .join('\n');
}
