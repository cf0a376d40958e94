import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { explainMmdebstrap } from '../rootfs/explain-mmdebstrap.ts';
import { localUnresolvable, unmetDependencies } from '../rootfs/judge-packages.ts';
import { explainHook } from './hook-commands.ts';
import type { Hook } from './hook-files.ts';
import { NEEDS_NETWORK } from './install-commands.ts';
import type { LocalPackage } from './local-packages.ts';

/** Number of unmet dependencies that are shown. */
const SHOWN = 6;

/** Turns a failure of mmdebstrap on a product's packages or hooks into an error with a fix. */
export function explainProductRoot(
  thrown: unknown,
  { local, hooks }: { readonly local: readonly LocalPackage[]; readonly hooks: readonly Hook[] },
): unknown {
  if (!(thrown instanceof MicroLinuxError) || thrown.code !== 'tool-failed') {
    return thrown;
  }
  const output = thrown.cause instanceof Error ? thrown.cause.message : '';
  const log = thrown.details['log'];
  const failed = explainHook(output, hooks, typeof log === 'string' ? log : undefined);
  if (failed) {
    return failed;
  }
  // As a line of its own: mmdebstrap also prints the commands that failed.
  if (output.split('\n').includes(NEEDS_NETWORK)) {
    return new MicroLinuxError({
      code: 'offline',
      message: 'the packages under packages.local need others, and --offline forbids to fetch them',
      hint: 'leave --offline out',
      exitCode: ExitCode.usage,
    });
  }
  const unmet = unmetDependencies(output.split('\n'));
  const guilty =
    local.find(({ name }) => unmet.some((line) => line.startsWith(`${name} : `))) ?? local[0];
  return unmet.length > 0 && guilty
    ? localUnresolvable(guilty, unmet.slice(0, SHOWN).join('\n'))
    : explainMmdebstrap(thrown);
}
