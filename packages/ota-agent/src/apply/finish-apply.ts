import { logEvent, Priority } from '../journal/journal.ts';
import { MessageId } from '../journal/message-ids.ts';
import type { ApplyContext } from './apply-context.ts';
import type { EtcEdit } from './etc-edits.ts';

/**
 * Records the result. The trial is already armed, so the apply must not fail here: what cannot be
 * recorded becomes a warning.
 *
 * @returns the warnings.
 */
export async function finishApply(
  { effects, facts, system }: ApplyContext,
  etcEdits: readonly EtcEdit[],
): Promise<readonly string[]> {
  const { running, target, update, options } = facts;
  const { version, buildId } = update.head.manifest;
  const etcKept = etcEdits.map(({ path }) => path).join(' ');
  const warnings: string[] = [];
  const steps = [
    () => effects.state.removeJournal(),
    // Cleared for the new trial; a failure records it again.
    () => effects.state.clearRejection(update.manifestSha256),
    () =>
      effects.state.appendHistory({
        event: 'installed',
        at: system.now().toISOString(),
        slot: target.slot,
        version,
        buildId,
        manifestSha256: update.manifestSha256,
        fromVersion: running.image.version ?? null,
        tries: options.tries,
        etcKept,
      }),
  ];
  for (const step of steps) {
    try {
      step();
    } catch (error) {
      warnings.push(error instanceof Error ? error.message : String(error));
    }
  }
  await logEvent(system, {
    messageId: MessageId.installed,
    priority: Priority.notice,
    message: `${version} is installed in slot ${target.slot} and will be tried at the next boot`,
    fields: { slot: target.slot, version, buildId, etcKept },
  });
  return warnings;
}
