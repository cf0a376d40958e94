import { armTrial, bootEnvVariables, EspPath, type Slot } from '@micro-linux/core';
import type { System } from '../system/system.ts';
import { blockHolds } from './block-holds.ts';
import { envNotWritten } from './condemn-slot.ts';
import { type EnvWrites, envStore } from './env-store.ts';
import { uncachedFileOps } from './uncached-file-ops.ts';
import { unconfirmed } from './unconfirmed.ts';

/**
 * Tells GRUB to try `slot` at the next boots: one write of one block, which is then read again from the disk.
 *
 * @param tries 1 to 7.
 * @throws MicroLinuxError `boot-unconfirmed`, `slot-active`, `esp-unwritable`, `env-write-failed`.
 */
export async function armSlot(
  system: System,
  writes: Pick<EnvWrites, 'writeEnv'>,
  { slot, running, tries }: { readonly slot: Slot; readonly running: Slot; readonly tries: number },
): Promise<void> {
  const store = envStore(system.paths.esp);
  const env = store.readEnv().value;
  const refusal = unconfirmed(env, running);
  if (!env || refusal) {
    throw refusal ?? new TypeError('an unreadable block is refused');
  }
  const armed = armTrial(env, slot, tries);
  await system.withWritableEsp(() => writes.writeEnv(armed));
  const onDisk = envStore(system.paths.esp, uncachedFileOps);
  if (!blockHolds(onDisk.readEnv().variables, bootEnvVariables(armed))) {
    throw envNotWritten(EspPath.env);
  }
}
