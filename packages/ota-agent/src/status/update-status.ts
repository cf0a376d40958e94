import { errnoOf, MicroLinuxError, SLOTS, type Slot } from '@micro-linux/core';
import { type HistoryEvent, readHistory } from '../state/history.ts';
import { type Rejection, readRejections } from '../state/rejected.ts';
import { readRollbackIndex } from '../state/rollback-index.ts';
import { readSlotHead } from '../state/slot-heads.ts';
import type { System } from '../system/system.ts';
import type { TrialJudgement } from '../trial/judge-trial.ts';
import { LOST_REASON } from '../trial/settle-trial.ts';

/** Outcome of the last update. */
export interface LastUpdate {
  readonly version: string | null;
  readonly outcome: UpdateOutcome;
  /** One line; null when it went well. */
  readonly reason: string | null;
  /** Null when it was just determined and is not recorded yet. */
  readonly at: string | null;
}

export type UpdateOutcome =
  /** Armed: it starts with the next boot. */
  | 'pending'
  /** It runs and was not confirmed yet. */
  | 'on-trial'
  | 'confirmed'
  | 'rolled-back'
  /** It never reached its trial. */
  | 'interrupted'
  | 'condemned';

/** Contents of the state directory; each part is null when it cannot be read. */
export interface UpdateStatus {
  readonly lastUpdate: LastUpdate | null;
  readonly rollbackIndex: number | null;
  readonly rejected: readonly Rejection[] | null;
  readonly versions: Readonly<Record<Slot, string | null>>;
  /** Why parts are null, for people. */
  readonly notes: readonly string[];
}

/** Reads it. Never throws: `notes` lists each part that cannot be read. */
export function readUpdateStatus(
  system: System,
  judgement: TrialJudgement | undefined,
): UpdateStatus {
  const { state } = system.paths;
  const notes = new Set<string>();
  const attempt = <T>(read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      notes.add(noteOf(error));
      return null;
    }
  };
  const versionOf = (slot: Slot) =>
    attempt(() => readSlotHead(state, slot)?.manifest.version ?? null);
  return {
    lastUpdate: attempt(() => lastUpdate(judgement, readHistory(state).entries)),
    rollbackIndex: attempt(() => readRollbackIndex(state)),
    rejected: attempt(() => readRejections(state)),
    versions: { A: versionOf(SLOTS[0]), B: versionOf(SLOTS[1]) },
    notes: [...notes],
  };
}

function noteOf(error: unknown): string {
  if (!(error instanceof MicroLinuxError)) {
    return String(error);
  }
  return error.code === 'state-unreadable' && isForbidden(error.cause)
    ? 'only root can read the history of updates'
    : [
        error.message,
        ...(error.why === undefined ? [] : [error.why]),
        ...(error.hint === undefined ? [] : [error.hint]),
      ].join('; ');
}

/** The error for an ordinary user, who may not even search for the directory. */
const FORBIDDEN: readonly string[] = ['EACCES', 'EPERM', 'ENOTDIR'];

const isForbidden = (cause: unknown) => FORBIDDEN.includes(errnoOf(cause) ?? '');

/** The current trial, if there is one, otherwise the last entry of the history. */
export function lastUpdate(
  judgement: TrialJudgement | undefined,
  history: readonly HistoryEvent[],
): LastUpdate | null {
  switch (judgement?.outcome) {
    case undefined:
    case 'none':
      return fromHistory(history);
    case 'waiting':
      return {
        version: judgement.trial.version,
        outcome: 'pending',
        reason: null,
        at: judgement.trial.armedAt,
      };
    case 'running':
      return {
        version: judgement.trial.version,
        outcome: 'on-trial',
        reason: null,
        at: judgement.trial.armedAt,
      };
    case 'lost':
      return {
        version: judgement.trial.version,
        outcome: 'interrupted',
        reason: LOST_REASON,
        at: null,
      };
    case 'failed':
      return {
        version: judgement.trial.version,
        outcome: 'rolled-back',
        reason: judgement.reason.summary,
        at: null,
      };
  }
}

function fromHistory(history: readonly HistoryEvent[]): LastUpdate | null {
  for (const { event, version, at, ...details } of history.toReversed()) {
    if (
      (event === 'confirmed' && details['kind'] !== 'first-boot') ||
      event === 'rolled-back' ||
      event === 'interrupted' ||
      event === 'condemned'
    ) {
      const { reason } = details;
      return { version, outcome: event, reason: typeof reason === 'string' ? reason : null, at };
    }
  }
  return null;
}
