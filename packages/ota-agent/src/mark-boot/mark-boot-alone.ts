import { MicroLinuxError, type Slot } from '@micro-linux/core';
import { envStore } from '../boot-env/env-store.ts';
import { unconfirmed } from '../boot-env/unconfirmed.ts';
import { withLock } from '../lock/lock.ts';
import { bootedSlot } from '../slots/booted-slot.ts';
import type { System } from '../system/system.ts';
import { type MarkBootOptions, type MarkBootResult, markBoot } from './mark-boot.ts';

/**
 * {@link markBoot} while no other agent writes. It waits for the lock, but never so long that a
 * healthy trial would reach its deadline:
 *
 * - a boot that is not confirmed yet is confirmed without the lock. The process that has it does
 *   not write then: apply and rollback refuse such a boot, verify only reads.
 * - a boot that is already confirmed is left alone: the other process may be between two writes.
 *
 * @throws MicroLinuxError as markBoot does; never because of the lock.
 */
export async function markBootAlone(
  system: System,
  run: { readonly pid: number; readonly waitSeconds: number },
  options?: MarkBootOptions,
): Promise<MarkBootResult> {
  let locked = false;
  try {
    return await withLock({ directory: system.paths.run, purpose: 'mark-boot', ...run }, () => {
      locked = true;
      return markBoot(system, options);
    });
  } catch (error) {
    if (locked || !(error instanceof MicroLinuxError)) {
      throw error;
    }
    const problem = [error.message, error.why].filter((text) => text !== undefined).join(': ');
    const confirmed = error.code === 'busy' ? confirmedSlot(system) : undefined;
    if (confirmed !== undefined) {
      const nothing = { written: [], repaired: [], judgement: { outcome: 'none' } } as const;
      return { slot: confirmed, ...nothing, problems: [problem] };
    }
    const result = await markBoot(system, options);
    return { ...result, problems: [problem, ...result.problems] };
  }
}

/** The running slot, if this boot of it is confirmed. */
function confirmedSlot(system: System): Slot | undefined {
  const { slot } = bootedSlot(system);
  return unconfirmed(envStore(system.paths.esp).readEnv().value, slot) ? undefined : slot;
}
