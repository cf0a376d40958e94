import { condemn, otherSlot, type Slot } from '@micro-linux/core';
import type { System } from '../system/system.ts';
import { type EnvWrites, envStore } from './env-store.ts';
import { requireConfirmed } from './unconfirmed.ts';
import { requireOnDisk, writeBlocks } from './write-blocks.ts';

/**
 * Makes sure that GRUB does not boot `slot`, whatever it contains: both blocks say that it is not
 * ok and not on trial, and the marker names the other slot. Finally all three are read back from
 * the disk, because the slot is about to be overwritten.
 *
 * @throws MicroLinuxError `boot-unconfirmed`, `esp-unwritable`, `env-write-failed`.
 */
export async function condemnSlot(system: System, writes: EnvWrites, slot: Slot): Promise<void> {
  const confirmed = otherSlot(slot);
  const env = requireConfirmed(envStore(system.paths.esp).readEnv().value, confirmed);
  const condemned = condemn(env, slot);
  const wanted = { env: condemned, copy: condemned, marker: confirmed };
  await writeBlocks(system, writes, wanted);
  requireOnDisk(system, wanted);
}
