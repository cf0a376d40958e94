import type { Readable } from 'node:stream';
import {
  createReporter,
  ExitCode,
  printableResult,
  type ReporterStreams,
  refuseSwallowedFlags,
  renderError,
  renderErrorJson,
  toMicroLinuxError,
  usageError,
  wantsJson,
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
  const json = wantsJson(world.argv);
  const program = new Command('ota-agent')
    .description('Keeps the two system slots of this device: which one runs, which one is good.')
    .version(world.version, '-V, --version')
    // So that a command's own --version is not taken for this one.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => void world.streams.stdout.write(text),
      writeErr: (text) => void world.streams.stderr.write(printableResult(text)),
      // Printed below, in the form of all errors.
      outputError: () => {},
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
  program.hook('preAction', (_program, command) => {
    refuseSwallowedFlags(command, `ota-agent ${command.name()} --help`);
  });
  for (const command of program.commands) {
    command
      .option('--json', 'print the result as one JSON object on standard output')
      .exitOverride();
  }
  try {
    await program.parseAsync(world.argv, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError && /^commander\.(?:help|version)/.test(thrown.code)) {
      return thrown.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    }
    const error =
      thrown instanceof CommanderError
        ? usageError(thrown, helpFor(world.argv, program))
        : toMicroLinuxError(thrown);
    if (json) {
      world.streams.stdout.write(`${renderErrorJson(error)}\n`);
    } else {
      world.streams.stderr.write(`${renderError(error)}\n`);
    }
    return error.exitCode;
  }
}

/** The command that tells how to call what was called. */
function helpFor([verb]: readonly string[], program: Command): string {
  const known = program.commands.some((command) => command.name() === verb);
  return `ota-agent${known ? ` ${verb}` : ''} --help`;
}
