import type { Readable } from 'node:stream';
import {
  createReporter,
  ExitCode,
  errorToObject,
  type ReporterStreams,
  renderError,
  toMicroLinuxError,
} from '@micro-linux/core';
import { Command, CommanderError } from 'commander';
import { commands } from './commands/index.ts';
import type { System } from './system/system.ts';

/** The outside world as the CLI sees it; injected by the bin file and by tests. */
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
export async function runCli(world: CliWorld): Promise<number> {
  let exitCode: number = ExitCode.done;
  const json = world.argv.includes('--json');
  const program = new Command('ota-agent')
    .description('Keeps the two system slots of this device: which one runs, which one is good.')
    .version(world.version, '-V, --version')
    .showHelpAfterError('(ota-agent COMMAND --help tells more)')
    .configureOutput({
      writeOut: (text) => void world.streams.stdout.write(text),
      writeErr: (text) => void world.streams.stderr.write(text),
    })
    .exitOverride();
  for (const register of commands) {
    register(
      program,
      (options) => ({
        reporter: createReporter({ json: options.json === true, streams: world.streams }),
        system: world.system,
        signal: world.signal,
        version: world.version,
        stderr: world.streams.stderr,
        get stdin() {
          return world.stdin;
        },
      }),
      (code) => {
        exitCode = code;
      },
    );
  }
  for (const command of program.commands) {
    command
      .option('--json', 'print the result as one JSON object on standard output')
      .exitOverride();
  }
  try {
    await program.parseAsync(world.argv, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      return thrown.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    }
    const error = toMicroLinuxError(thrown);
    if (json) {
      world.streams.stdout.write(`${JSON.stringify(errorToObject(error))}\n`);
    } else {
      world.streams.stderr.write(`${renderError(error)}\n`);
    }
    return error.exitCode;
  }
}
