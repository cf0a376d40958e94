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
  /** What a full `boot_counter` holds, 1 to 7. */
  readonly bootCounter: number;
}

/**
 * The functions of grub.cfg alone, with no effect when read. e2e/grub-states reads them and puts
 * its own `ml_load` and `ml_boot` in place of these; it sets ml_env, ml_copy and ml_marker itself.
 *
 * - `ml_auto` decides and boots; returns only if nothing could be booted.
 * - `ml_pick SLOT` boots a slot somebody chose, else does as ml_auto.
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
