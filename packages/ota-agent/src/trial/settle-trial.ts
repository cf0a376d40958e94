import type { AgentConfig } from '@micro-linux/provision';
import { logEvent, Priority } from '../journal/journal.ts';
import { MessageId } from '../journal/message-ids.ts';
import { appendHistory, type HistoryEvent, readHistory } from '../state/history.ts';
import { addRejection, clearRejection } from '../state/rejected.ts';
import { removeTrial, type TrialRecord } from '../state/trial.ts';
import type { System } from '../system/system.ts';
import type { FailureReason } from './failure-reason.ts';
import type { TrialJudgement } from './judge-trial.ts';

/**
 * Records how a trial ended: history, rejection, then the trial is removed. After a power cut in
 * between, the next boot does the rest; existing records are not added again.
 *
 * @throws MicroLinuxError `state-unreadable`, `state-unwritable`.
 */
export async function settleTrial(
  system: System,
  config: AgentConfig,
  judgement: TrialJudgement,
): Promise<void> {
  const { state } = system.paths;
  if (judgement.outcome === 'none' || judgement.outcome === 'waiting') {
    return;
  }
  if (isSettled(system, judgement.trial)) {
    removeTrial(state);
    return;
  }
  switch (judgement.outcome) {
    case 'running':
      clearRejection(state, judgement.trial.manifestSha256);
      appendHistory(state, confirmedEvent(system, judgement.trial), config.history);
      break;
    case 'lost':
      appendHistory(state, lostEvent(system, judgement.trial), config.history);
      break;
    case 'failed':
      await settleFailure(system, config, judgement.trial, judgement.reason);
      break;
  }
  removeTrial(state);
}

async function settleFailure(
  system: System,
  config: AgentConfig,
  trial: TrialRecord,
  { summary, details }: FailureReason,
): Promise<void> {
  const at = system.now().toISOString();
  const reason = details === '' ? summary : `${summary}\n${details}`;
  addRejection(system.paths.state, {
    manifestSha256: trial.manifestSha256,
    version: trial.version,
    slot: trial.slot,
    failedAt: at,
    reason,
  });
  appendHistory(
    system.paths.state,
    {
      event: 'rolled-back',
      at,
      slot: trial.slot,
      version: trial.version,
      to: trial.fromSlot,
      toVersion: trial.fromVersion,
      kind: trial.kind,
      tries: trial.tries,
      armedAt: trial.armedAt,
      reason: summary,
      details,
    },
    config.history,
  );
  await logEvent(system, {
    messageId: MessageId.rolledBack,
    priority: Priority.error,
    message: `version ${trial.version} in slot ${trial.slot} was rolled back: ${reason}`,
    fields: {
      slot: trial.slot,
      version: trial.version,
      toSlot: trial.fromSlot,
      toVersion: trial.fromVersion,
    },
  });
}

function confirmedEvent(system: System, trial: TrialRecord): HistoryEvent {
  return {
    event: 'confirmed',
    at: system.now().toISOString(),
    slot: trial.slot,
    version: trial.version,
    from: trial.fromSlot,
    fromVersion: trial.fromVersion,
    kind: trial.kind,
    armedAt: trial.armedAt,
  };
}

/** Why a trial never started. */
export const LOST_REASON =
  'power was cut before the trial was armed, or GRUB’s environment was damaged; apply it again';

function lostEvent(system: System, trial: TrialRecord): HistoryEvent {
  return {
    event: 'interrupted',
    at: system.now().toISOString(),
    slot: trial.slot,
    version: trial.version,
    kind: trial.kind,
    armedAt: trial.armedAt,
    reason: LOST_REASON,
  };
}

/** Whether the history contains this trial's end already: power was cut before it was removed. */
function isSettled(system: System, trial: TrialRecord): boolean {
  return readHistory(system.paths.state).entries.some(
    (entry) => entry.slot === trial.slot && entry['armedAt'] === trial.armedAt,
  );
}
