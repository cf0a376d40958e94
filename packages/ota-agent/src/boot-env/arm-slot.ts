import { armTrial, type Slot } from '@micro-linux/core';
import type { System } from '../system/system.ts';
import { type EnvWrites, envStore } from './env-store.ts';
import { requireConfirmed } from './unconfirmed.ts';
import { requireOnDisk, writeBlocks } from './write-blocks.ts';

/**
 * Sets GRUB to try `slot` at the next boots: one write of one block, which is then read back from
 * the disk.
 *
 * @param tries 1 to 7.
 * @throws MicroLinuxError `boot-unconfirmed`, `slot-active`, `esp-unwritable`, `env-write-failed`.
 */
export async function armSlot(
  system: System,
  writes: EnvWrites,
  { slot, running, tries }: { readonly slot: Slot; readonly running: Slot; readonly tries: number },
): Promise<void> {
  const env = requireConfirmed(envStore(system.paths.esp).readEnv().value, running);
  const wanted = { env: armTrial(env, slot, tries) };
  await writeBlocks(system, writes, wanted);
  requireOnDisk(system, wanted);
}
