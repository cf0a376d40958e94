import type { Reporter } from '@micro-linux/core';
import type { Command } from 'commander';

/** What every command is given; nothing below the CLI reads `process`. */
export interface CommandContext {
  readonly reporter: Reporter;
  /** Aborted by Ctrl-C or SIGTERM: pass it to everything that takes long. */
  readonly signal: AbortSignal;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The checkout (or installation) the builder runs from: holds systemd/, packages/. */
  readonly root: string;
  /** Whether a person sits at the terminal: stdin and stdout are both a TTY. */
  readonly interactive: boolean;
  /** Whether a new password may be printed to standard output: see `mayShowSecrets`. */
  readonly mayShowSecrets: boolean;
}

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
