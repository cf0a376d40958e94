import { readFile } from 'node:fs/promises';
import { MicroLinuxError, type Runner } from '@micro-linux/core';

/** Whether the user can enter a user namespace with a range of ids, and what could prevent it. */
export interface UserNamespaceFacts {
  /** The last line of the error of a real attempt; undefined if it succeeded. */
  readonly failure: string | undefined;
  /** kernel.unprivileged_userns_clone (older Debian kernels); undefined if missing. */
  readonly unprivilegedClone: string | undefined;
  /** kernel.apparmor_restrict_unprivileged_userns (Ubuntu 23.10 and later). */
  readonly apparmorRestriction: string | undefined;
  /** user.max_user_namespaces. */
  readonly maximum: string | undefined;
}

/**
 * Tries what the build will do. Root needs no range of ids (and `--map-auto` of util-linux 2.38
 * uses the first user's range for root). The mount namespace is included because under Ubuntu's
 * AppArmor restriction a user namespace can be created, but gives no capabilities.
 */
export async function gatherUserNamespaceFacts(
  uid: number,
  run: Runner,
  signal: AbortSignal,
): Promise<UserNamespaceFacts> {
  const [failure, unprivilegedClone, apparmorRestriction, maximum] = await Promise.all([
    tryNamespace(uid, run, signal),
    sysctl('kernel/unprivileged_userns_clone'),
    sysctl('kernel/apparmor_restrict_unprivileged_userns'),
    sysctl('user/max_user_namespaces'),
  ]);
  return { failure, unprivilegedClone, apparmorRestriction, maximum };
}

async function tryNamespace(
  uid: number,
  run: Runner,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { exitCode, stderr } = await run(
      'unshare',
      [...(uid === 0 ? [] : ['--map-auto']), '--map-root-user', '--mount', 'true'],
      { signal, timeoutMs: 10_000, okExitCodes: Array.from({ length: 256 }, (_, code) => code) },
    );
    return exitCode === 0 ? undefined : stderr.trim().split('\n').at(-1) || `status ${exitCode}`;
  } catch (error) {
    if (error instanceof MicroLinuxError && error.code !== 'cancelled') {
      return error.message;
    }
    throw error;
  }
}

async function sysctl(name: string): Promise<string | undefined> {
  return readFile(`/proc/sys/${name}`, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}
