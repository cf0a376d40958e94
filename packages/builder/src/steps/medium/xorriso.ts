import type { Runner, RunOptions, RunResult } from '@micro-linux/core';

/** Settings of a user's own (`~/.xorrisorc`) change nothing; the first failure ends it. */
const ALWAYS = ['-no_rc', '-abort_on', 'FAILURE', '-return_with', 'FAILURE', '32'];

/** Runs xorriso with commands of its own kind. */
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

/** How a plain file is named, so that no path of it is taken for a drive. */
export function drive(path: string): string {
  return `stdio:${path}`;
}
