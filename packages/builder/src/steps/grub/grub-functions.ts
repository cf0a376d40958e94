import { checkTries, type Slot } from '@micro-linux/core';
import { countingFunctions } from './functions/counting.ts';
import { decidingFunctions } from './functions/deciding.ts';
import { doingFunctions } from './functions/doing.ts';
import { readingFunctions } from './functions/reading.ts';
import { savingFunctions } from './functions/saving.ts';

/** What the functions depend on. */
export interface GrubFunctionsOptions {
  /** Partition GUIDs of the two slots, any case. */
  readonly partUuids: Readonly<Record<Slot, string>>;
  /** Value of a full `boot_counter`, 1 to 7. */
  readonly bootCounter: number;
}

/**
 * Only the functions of grub.cfg; sourcing them has no effect. e2e/grub-states sources them and
 * replaces `ml_load` and `ml_boot` with its own; it sets ml_env, ml_copy and ml_marker itself.
 *
 * - `ml_auto` decides and boots; returns only if nothing could be booted.
 * - `ml_pick SLOT` boots the chosen slot, otherwise acts like ml_auto.
 * - `ml_load SLOT` loads kernel and initrd; `ml_boot SLOT` starts them.
 */
export function grubFunctions({ bootCounter, partUuids }: GrubFunctionsOptions): string {
  checkTries(bootCounter, 'the boot counter');
  return [
    countingFunctions(bootCounter),
    readingFunctions(),
    savingFunctions(),
    decidingFunctions(bootCounter),
    doingFunctions(partUuids),
  ].join('');
}
