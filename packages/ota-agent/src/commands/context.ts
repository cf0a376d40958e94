import type { Reporter } from '@micro-linux/core';
import type { Command } from 'commander';
import type { System } from '../system/system.ts';

/** What every command is given; nothing below the CLI reads `process`. */
export interface CommandContext {
  readonly reporter: Reporter;
  readonly system: System;
}

/** Options every command has; `--json` is added by the CLI to each of them. */
export interface CommonOptions {
  readonly json?: boolean;
}

/** Makes the context once a command's options are known. */
export type ContextFactory = (options: CommonOptions) => CommandContext;

/** A verb: declares its options and, in its action, imports the code it needs. */
export type RegisterCommand = (program: Command, context: ContextFactory) => void;
