import type { Runner, RunOptions, RunResult } from '@micro-linux/core';

/**
 * The command that runs another one as root of a user namespace that maps the caller's subordinate
 * ids, so that files keep their owners without real root (unshare(1), util-linux ≥ 2.38). Root
 * needs no namespace.
 */
export function asNamespaceRoot(
  uid: number,
  file: string,
  args: readonly string[],
): readonly [string, readonly string[]] {
  return uid === 0
    ? [file, args]
    : ['unshare', ['--map-auto', '--map-root-user', '--', file, ...args]];
}

/** Runs a program with {@link asNamespaceRoot} for the current user. */
export async function runAsNamespaceRoot(
  run: Runner,
  file: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  return run(...asNamespaceRoot(process.getuid?.() ?? 0, file, args), options);
}
