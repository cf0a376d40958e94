/** The two root file systems: one runs, the other can be written. */
export const SLOTS = ['A', 'B'] as const;
export type Slot = (typeof SLOTS)[number];

/** The other slot. */
export function otherSlot(slot: Slot): Slot {
  return slot === 'A' ? 'B' : 'A';
}

/** Whether a text names a slot; exactly `A` or `B`. */
export function isSlot(text: string | undefined): text is Slot {
  return text === 'A' || text === 'B';
}
