import type { Command } from 'commander';

/** Options that every command has: see `commandTree`. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
}

/** Creates the context of a command once its options are known. */
export type ContextFactory<Context> = (options: CommonOptions) => Context;

/**
 * A verb of a command line: declares its options on `program` and, in its action, imports the code
 * it needs, so that `--help` stays fast. One that succeeds with another code than 0 (nothing to do,
 * a reboot is needed) calls `setExitCode`.
 */
export type RegisterCommand<Context> = (
  program: Command,
  context: ContextFactory<Context>,
  setExitCode: (code: number) => void,
) => void;
