import { MIB } from '@micro-linux/core';
import { formatByteSize, neededDiskBytes } from '@micro-linux/provision';
import type { CommandContext } from '../../system/command-context.ts';
import { passwordLines } from '../build/password-lines.ts';
import type { RemasterPlan } from './plan/plan-remaster.ts';
import type { RemasterJob } from './remaster-job.ts';

/** The summary printed after a remaster. */
export function remasterSummary(
  { config, places, source, sourceInfo, output }: RemasterJob,
  plan: RemasterPlan,
  made: { readonly bytes: number; readonly sha256: string; readonly password: string | undefined },
  { mayShowSecrets }: Pick<CommandContext, 'mayShowSecrets'>,
): string {
  const disk = formatByteSize(neededDiskBytes(config.disk));
  return [
    `${output}  ${(made.bytes / MIB).toFixed(0)} MiB, sha256 ${made.sha256}`,
    `  from ${source.path}: ${sourceInfo.text}`,
    `  changed ${plan.changed.length} files, added ${plan.placed.length - plan.changed.length}${plan.removed.length > 0 ? `, left out ${plan.removed.join(' and ')}: its own entries boot, but install no Ubuntu` : ''}`,
    `  its first entry asks nothing and erases the ${config.install.disk.size} disk, of ${disk} or more`,
    '  anyone who has this file has the hash of the password',
    ...(made.password === undefined
      ? []
      : passwordLines(made.password, { artifacts: places.artifacts, mayShowSecrets })),
  ].join('\n');
}
