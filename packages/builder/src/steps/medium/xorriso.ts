import type { Runner, RunOptions, RunResult } from '@micro-linux/core';

/** Ignores the user's settings (`~/.xorrisorc`); stops at the first failure. */
const ALWAYS = ['-no_rc', '-abort_on', 'FAILURE', '-return_with', 'FAILURE', '32'];

/** Runs xorriso with native commands. */
export function xorriso(
  run: Runner,
  commands: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  return run('xorriso', xorrisoArguments(commands), options);
}

/** The whole command line, for `--dry-run` too. */
export function xorrisoArguments(commands: readonly string[]): readonly string[] {
  return [...ALWAYS, ...commands];
}

/** Names a plain file so that xorriso never treats its path as a drive. */
export function drive(path: string): string {
  return `stdio:${path}`;
}
