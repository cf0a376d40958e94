import type { Readable } from 'node:stream';
import type { Reporter } from '@micro-linux/core';
import type { Command } from 'commander';
import type { System } from '../system/system.ts';

/** What every command is given; nothing below the CLI reads `process`. */
export interface CommandContext {
  readonly reporter: Reporter;
  readonly system: System;
  /** Aborted by Ctrl-C or SIGTERM: pass it to everything that takes long. */
  readonly signal: AbortSignal;
  /** Version of this agent. */
  readonly version: string;
  readonly stdin: Readable;
  /** Where progress goes; results and errors go through the reporter. */
  readonly stderr: NodeJS.WriteStream;
}

/** Options every command has; `--json` is added by the CLI to each of them. */
export interface CommonOptions {
  readonly json?: boolean;
}

/** Makes the context once a command's options are known. */
export type ContextFactory = (options: CommonOptions) => CommandContext;

/**
 * A verb: declares its options and, in its action, imports the code it needs. One that ends well
 * but not with 0 (nothing to do, a reboot is needed) says so by `setExitCode`.
 */
export type RegisterCommand = (
  program: Command,
  context: ContextFactory,
  setExitCode: (code: number) => void,
) => void;
