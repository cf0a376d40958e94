import { type Command, Option } from 'commander';
import type { Progress } from '../progress/progress.ts';
import { PROGRESS_MODES, type ProgressMode } from '../progress/progress.ts';
import type { CommandContext, CommonOptions } from './context.ts';

/** Options of a long-running command. */
export interface ProgressFlags extends CommonOptions {
  readonly progress: ProgressMode;
}

/** Adds `--progress`. */
export function addProgressOption(command: Command): Command {
  return command.addOption(
    new Option('--progress <how>', 'how to show progress, on standard error')
      .choices(PROGRESS_MODES)
      .default('auto'),
  );
}

/** The progress output that the options select. */
export async function progressFor(
  flags: ProgressFlags,
  context: CommandContext,
): Promise<Progress> {
  const { createProgress } = await import('../progress/create-progress.ts');
  const { resolveMode } = await import('../progress/progress.ts');
  const asked = flags.quiet === true && flags.progress === 'auto' ? 'none' : flags.progress;
  const mode = resolveMode(asked, {
    terminal: context.stderr.isTTY === true,
    json: flags.json === true,
  });
  return createProgress(mode, { stream: context.stderr, now: () => performance.now() });
}
