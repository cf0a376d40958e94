import { otherSlot } from '@micro-linux/core';
import type { AgentConfig } from '@micro-linux/provision';
import { logEvent, Priority } from '../journal/journal.ts';
import { MessageId } from '../journal/message-ids.ts';
import type { BootedSlot } from '../slots/booted-slot.ts';
import { readImageInfo } from '../slots/image-info.ts';
import { appendHistory, readHistory } from '../state/history.ts';
import { readSlotHead } from '../state/slot-heads.ts';
import type { System } from '../system/system.ts';
import { confirmedByHistory, takeoverReason } from './takeover.ts';

/**
 * Records that the running slot is healthy; if another slot was the confirmed one in the history,
 * also records the change.
 *
 * @throws MicroLinuxError `state-unreadable`, `state-unwritable`.
 */
export async function recordBoot(
  system: System,
  config: AgentConfig,
  booted: BootedSlot,
): Promise<void> {
  const { state } = system.paths;
  const { slot } = booted;
  const image = readImageInfo(system.paths.imageInfo);
  const before = confirmedByHistory(readHistory(state).entries);
  if (before === slot) {
    return;
  }
  const at = system.now().toISOString();
  const version = image.version ?? null;
  if (before === undefined || booted.reason === 'manual') {
    const kind = before === undefined ? 'first-boot' : 'picked-at-console';
    const event = { event: 'confirmed', at, slot, version, kind } as const;
    appendHistory(state, event, config.history);
    return;
  }
  const other = otherSlot(slot);
  const otherVersion = readSlotHead(state, other)?.manifest.version ?? null;
  const reason = takeoverReason(booted);
  appendHistory(
    state,
    {
      event: 'rolled-back',
      at,
      slot: other,
      version: otherVersion,
      to: slot,
      toVersion: version,
      kind: 'takeover',
      reason,
    },
    config.history,
  );
  await logEvent(system, {
    messageId: MessageId.rolledBack,
    priority: Priority.error,
    message: `slot ${slot} took over from slot ${other}: ${reason}`,
    fields: { slot: other, version: otherVersion, toSlot: slot, toVersion: version },
  });
}
