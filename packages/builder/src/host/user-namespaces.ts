import { readFile } from 'node:fs/promises';
import { MicroLinuxError, type Runner } from '@micro-linux/core';

/** Whether the user can enter a user namespace with a range of ids, and what could stand against it. */
export interface UserNamespaceFacts {
  /** The last line of the error of a real try; undefined when it went well. */
  readonly failure: string | undefined;
  /** kernel.unprivileged_userns_clone (older Debian kernels); undefined where there is none. */
  readonly unprivilegedClone: string | undefined;
  /** kernel.apparmor_restrict_unprivileged_userns (Ubuntu 23.10 and later). */
  readonly apparmorRestriction: string | undefined;
  /** user.max_user_namespaces. */
  readonly maximum: string | undefined;
}

/**
 * Tries what the build will do; root needs no range of ids (and `--map-auto` of util-linux 2.38
 * takes the first user's range for root). The mount namespace is part of it: under Ubuntu's AppArmor
 * restriction the user namespace alone can be made, but holds no rights.
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
