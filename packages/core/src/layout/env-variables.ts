import type { Slot } from './slots.ts';

/** Names of the variables in GRUB's environment block; docs/explanation/boot-states.md says what each means. */
export const EnvVariable = {
  savedEntry: 'saved_entry',
  nextEntry: 'next_entry',
  bootSuccess: 'boot_success',
  bootCounter: 'boot_counter',
  /** In the `confirmed` block only. */
  confirmed: 'confirmed',
} as const;

/** The variable that says whether GRUB may fall back to a slot: `A_ok` or `B_ok`. */
export function slotOkVariable(slot: Slot): string {
  return `${slot}_ok`;
}
