import { ExitCode } from '../errors/exit-codes.ts';
import { MicroLinuxError } from '../errors/micro-linux-error.ts';
import { otherSlot, type Slot } from '../layout/slots.ts';
import { type BootEnv, DEFAULT_BOOT_COUNTER, digitText, MAX_TRIES } from './boot-env.ts';
import type { BootOptions } from './decide-boot.ts';

const DEFAULTS: BootOptions = { bootCounter: DEFAULT_BOOT_COUNTER };

/**
 * The running slot was healthy: it is confirmed and ok, no trial is left, and all counters are
 * full. The other slot keeps its state; if no block is readable, it counts as not ok.
 */
export function markGood(
  env: BootEnv | undefined,
  slot: Slot,
  options: BootOptions = DEFAULTS,
): BootEnv {
  const other = otherSlot(slot);
  return {
    confirmed: slot,
    trial: undefined,
    success: true,
    counter: options.bootCounter,
    fallbackCounter: options.bootCounter,
    ok:
      slot === 'A'
        ? { A: true, B: env?.ok[other] ?? false }
        : { A: env?.ok[other] ?? false, B: true },
  };
}

/**
 * Arms a trial of `slot` for the next `tries` boots. Whether it is ok does not change: a newly
 * written slot was condemned before the write and stays condemned until it is confirmed.
 *
 * @throws MicroLinuxError `boot-unconfirmed` when the running system was not marked yet,
 *   `slot-active` when `slot` is the confirmed one.
 * @throws RangeError when `tries` is not 1 to 7.
 */
export function armTrial(env: BootEnv, slot: Slot, tries: number): BootEnv {
  digitText(tries, 1);
  if (!env.success) {
    throw new MicroLinuxError({
      code: 'boot-unconfirmed',
      message: 'the running system has not been confirmed yet',
      why: 'a slot is tried only when there is a healthy one to roll back to',
      hint: 'wait for ota-agent-mark-boot.service: systemctl status boot-complete.target',
    });
  }
  if (slot === env.confirmed) {
    throw new MicroLinuxError({
      code: 'slot-active',
      message: `slot ${slot} is the confirmed one: it cannot be on trial`,
      details: { slot },
    });
  }
  return { ...env, trial: { slot, tries } };
}

/**
 * Keeps GRUB from starting `slot`, which was bad or is about to be overwritten. Its trial is
 * dropped. If it was confirmed, the other slot becomes the confirmed one.
 *
 * Before a slot is written, *both* blocks must say this, and the marker must name the other slot.
 *
 * @throws MicroLinuxError `last-slot` when the other slot is not ok, as nothing would be left to
 * boot.
 */
export function condemn(env: BootEnv, slot: Slot, options: BootOptions = DEFAULTS): BootEnv {
  const other = otherSlot(slot);
  const ok = slot === 'A' ? { A: false, B: env.ok.B } : { A: env.ok.A, B: false };
  const trial = env.trial?.slot === slot ? undefined : env.trial;
  if (slot !== env.confirmed) {
    return { ...env, ok, trial };
  }
  if (!env.ok[other]) {
    throw new MicroLinuxError({
      code: 'last-slot',
      message: `slot ${slot} cannot be condemned: slot ${other} is not ok`,
      why: 'nothing would be left to boot',
      details: { slot },
    });
  }
  return {
    confirmed: other,
    trial: trial?.slot === other ? undefined : trial,
    success: false,
    counter: options.bootCounter,
    fallbackCounter: options.bootCounter,
    ok,
  };
}

/** Checks a configured number of tries. @throws MicroLinuxError `bad-tries`, exit code 2. */
export function checkTries(tries: number, what: string): number {
  if (!Number.isInteger(tries) || tries < 1 || tries > MAX_TRIES) {
    throw new MicroLinuxError({
      code: 'bad-tries',
      message: `${what} must be a whole number from 1 to ${MAX_TRIES}, not ${tries}`,
      exitCode: ExitCode.usage,
    });
  }
  return tries;
}
