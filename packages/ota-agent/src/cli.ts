import type { Readable } from 'node:stream';
import type { ReporterStreams } from '@micro-linux/core';
import { runProgram } from '@micro-linux/core/cli';
import { program } from './commands/index.ts';
import type { System } from './system/system.ts';

/** What the CLI needs from its environment; the bin file and tests provide it. */
export interface CliWorld {
  readonly argv: readonly string[];
  readonly streams: ReporterStreams;
  readonly version: string;
  readonly system: System;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Not opened before a command reads it: a getter in the bin file. */
  readonly stdin: Readable;
}

/** Runs one command line; returns the exit code, and prints every failure in one form. */
export function runCli(world: CliWorld): Promise<number> {
  const { argv, streams, version, system, signal } = world;
  return runProgram({
    ...program,
    version,
    call: 'ota-agent',
    argv,
    streams,
    context: (reporter) => ({
      reporter,
      system,
      signal,
      version,
      stderr: streams.stderr,
      get stdin() {
        return world.stdin;
      },
    }),
  });
}
