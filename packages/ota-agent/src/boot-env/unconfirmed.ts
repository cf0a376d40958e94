import { type BootEnv, MicroLinuxError, type Slot } from '@micro-linux/core';

/** Undefined when the running system is confirmed, so that a rollback can return to it. */
export function unconfirmed(env: BootEnv | undefined, running: Slot): MicroLinuxError | undefined {
  const why =
    env === undefined
      ? 'GRUB’s environment block is damaged'
      : env.confirmed !== running
        ? `slot ${running} runs, but ${env.confirmed} is the confirmed one`
        : env.success
          ? undefined
          : 'this boot has not been found healthy yet';
  return why === undefined
    ? undefined
    : new MicroLinuxError({
        code: 'boot-unconfirmed',
        message: 'the running system has not been confirmed yet',
        why: `${why}: an update needs a healthy system to roll back to`,
        hint: 'wait for it: systemctl status ota-agent-mark-boot.service',
      });
}

/**
 * The block of a system that runs and is confirmed.
 *
 * @throws MicroLinuxError `boot-unconfirmed`.
 */
export function requireConfirmed(env: BootEnv | undefined, running: Slot): BootEnv {
  const refusal = unconfirmed(env, running);
  if (!env || refusal) {
    throw refusal ?? new TypeError('an unreadable block is refused');
  }
  return env;
}
