import type { Readable } from 'node:stream';
import type { Reporter } from '@micro-linux/core';
import type { CommonOptions, RegisterCommand as RegisterFor } from '@micro-linux/core/cli';
import type { System } from '../system/system.ts';

/** Input of every command; nothing below the CLI reads `process`. */
export interface CommandContext {
  readonly reporter: Reporter;
  readonly system: System;
  /** Aborted by Ctrl-C or SIGTERM: pass it to every long operation. */
  readonly signal: AbortSignal;
  /** Version of this agent. */
  readonly version: string;
  readonly stdin: Readable;
  /** Where progress goes; results and errors go through the reporter. */
  readonly stderr: NodeJS.WriteStream;
}

export type { CommonOptions };

/** A verb of the agent. */
export type RegisterCommand = RegisterFor<CommandContext>;
