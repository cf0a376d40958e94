import type { Command } from 'commander';
import type { CommandContext } from '../../system/command-context.ts';

/** Options every command has; `--json` is added by the CLI to each of them. */
export interface CommonOptions {
  readonly json?: boolean;
}

/** Makes the context once a command's options are known. */
export type ContextFactory = (options: CommonOptions) => CommandContext;

/**
 * A verb of the command line: declares its options on `program` and, in its action, imports the
 * code it needs, so that `--help` stays fast. An action that resolves to a number sets the exit
 * code by `setExitCode`.
 */
export type RegisterCommand = (
  program: Command,
  context: ContextFactory,
  setExitCode: (code: number) => void,
) => void;
