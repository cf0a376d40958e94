import type { AgentConfig } from '../config/agent-config.ts';
import { logEvent, Priority } from '../journal/journal.ts';
import { MessageId } from '../journal/message-ids.ts';
import { appendHistory, type HistoryEvent, readHistory } from '../state/history.ts';
import { addRejection, clearRejection } from '../state/rejected.ts';
import { removeTrial, type TrialRecord } from '../state/trial.ts';
import type { System } from '../system/system.ts';
import type { FailureReason } from './failure-reason.ts';
import type { TrialJudgement } from './judge-trial.ts';

/**
 * Writes down how a trial ended, and ends it: history, rejection, then the trial is removed. After
 * a power cut in between, the next boot does the rest; what is there already is not added again.
 *
 * @throws MicroLinuxError `state-unreadable`, `state-unwritable`.
 */
export async function settleTrial(
  system: System,
  config: AgentConfig,
  judgement: TrialJudgement,
): Promise<void> {
  const { state } = system.paths;
  switch (judgement.outcome) {
    case 'none':
    case 'waiting':
      return;
    case 'running':
      clearRejection(state, judgement.trial.manifestSha256);
      addOnce(system, config, confirmedEvent(system, judgement.trial));
      break;
    case 'lost':
      addOnce(system, config, lostEvent(system, judgement.trial));
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
  const added = addOnce(system, config, {
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
  });
  if (added) {
    await logEvent(system, {
      messageId: MessageId.rolledBack,
      priority: Priority.error,
      message: `version ${trial.version} in slot ${trial.slot} came back: ${reason}`,
      fields: {
        slot: trial.slot,
        version: trial.version,
        toSlot: trial.fromSlot,
        toVersion: trial.fromVersion,
      },
    });
  }
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

function lostEvent(system: System, trial: TrialRecord): HistoryEvent {
  return {
    event: 'interrupted',
    at: system.now().toISOString(),
    slot: trial.slot,
    version: trial.version,
    kind: trial.kind,
    armedAt: trial.armedAt,
    reason:
      'GRUB’s environment was damaged before the slot could be tried; it has been mended, apply the update again',
  };
}

/** Adds an entry unless the history tells of this trial's end already; gives whether it did. */
function addOnce(system: System, config: AgentConfig, event: HistoryEvent): boolean {
  const { state } = system.paths;
  const known = readHistory(state).entries.some(
    (entry) =>
      entry.event === event.event &&
      entry.slot === event.slot &&
      entry['armedAt'] === event['armedAt'],
  );
  if (!known) {
    appendHistory(state, event, config.history);
  }
  return !known;
}
