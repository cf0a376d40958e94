import { otherSlot, type Slot } from '@micro-linux/core';
import type { BootedSlot } from '../slots/booted-slot.ts';
import type { HistoryEvent } from '../state/history.ts';

/** The confirmed slot according to the history; undefined when unknown. */
export function confirmedByHistory(entries: readonly HistoryEvent[]): Slot | undefined {
  for (const entry of entries.toReversed()) {
    if (entry.event === 'confirmed') {
      return entry.slot;
    }
    if (entry.event === 'rolled-back' || entry.event === 'condemned') {
      return otherSlot(entry.slot);
    }
  }
  return undefined;
}

/** Why GRUB replaced the confirmed slot without a trial, for the history. */
export function takeoverReason({ reason, skipped, slot }: BootedSlot): string {
  if (skipped === otherSlot(slot)) {
    return 'GRUB could not load it: its kernel, initrd or boot settings are missing or damaged';
  }
  switch (reason) {
    case 'fallback':
      return 'its last boots did not become healthy, until its boot counter ran out';
    case 'marker':
    case 'unknown':
      return 'GRUB’s environment was damaged';
    default:
      return 'the reason is unknown: GRUB’s choice was not reported';
  }
}
