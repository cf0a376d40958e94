import { Command, CommanderError } from 'commander';
import { ExitCode } from '../errors/exit-codes.ts';
import { renderError, renderErrorJson, toMicroLinuxError } from '../errors/render.ts';
import { createReporter, type ReporterStreams } from '../reporter/create-reporter.ts';
import type { Reporter } from '../reporter/reporter.ts';
import { printableResult } from '../text/printable.ts';
import type { RegisterCommand } from './register-command.ts';
import { refuseSwallowedFlags, usageError, wantsJson } from './usage-error.ts';

/** A program with verbs, and the command line that it is run with. */
export interface Program<Context> {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  /** How a user calls it, for hints. */
  readonly call: string;
  /** Every verb, in the order `--help` lists them. */
  readonly commands: readonly RegisterCommand<Context>[];
  readonly argv: readonly string[];
  readonly streams: ReporterStreams;
  readonly context: (reporter: Reporter) => Context;
  /** The hint for a command line that cannot be parsed, if not the help of the command. */
  readonly hintFor?: (complaint: string, command: Command | undefined) => string | undefined;
  /** Replaces an error that a command threw. By default that error is reported. */
  readonly failure?: (thrown: unknown) => unknown;
}

/** Runs one command line; returns the exit code, and prints every failure in one form. */
export async function runProgram<Context>(program: Program<Context>): Promise<number> {
  const { argv, call, streams, failure = (thrown: unknown) => thrown } = program;
  let exitCode: number = ExitCode.done;
  const root = rootCommand(program);
  for (const register of program.commands) {
    register(
      root,
      ({ json }) => program.context(createReporter({ json: json === true, streams })),
      (code) => {
        exitCode = code;
      },
    );
  }
  root.hook('preAction', (_program, command) => {
    refuseSwallowedFlags(command, `${call} ${command.name()} --help`);
  });
  for (const command of root.commands) {
    command
      .option('--json', 'print the result as one JSON object on standard output')
      .exitOverride();
  }
  try {
    await root.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError && /^commander\.(?:help|version)/.test(thrown.code)) {
      return thrown.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    }
    const error =
      thrown instanceof CommanderError
        ? usageError(thrown, hintFor(thrown.message, program, root))
        : toMicroLinuxError(failure(thrown));
    if (wantsJson(argv)) {
      streams.stdout.write(`${renderErrorJson(error)}\n`);
    } else {
      streams.stderr.write(`${renderError(error)}\n`);
    }
    return error.exitCode;
  }
}

function rootCommand<Context>({ name, description, version, streams }: Program<Context>): Command {
  return (
    new Command(name)
      .description(description)
      .version(version, '-V, --version')
      // Otherwise a command's own --version would be mistaken for this one.
      .enablePositionalOptions()
      .configureOutput({
        writeOut: (text) => void streams.stdout.write(text),
        writeErr: (text) => void streams.stderr.write(printableResult(text)),
        // Printed by `runProgram`, in the form of all errors.
        outputError: () => {},
      })
      .exitOverride()
  );
}

function hintFor<Context>(complaint: string, program: Program<Context>, root: Command): string {
  const command = root.commands.find((known) => known.name() === program.argv[0]);
  const verb = command ? ` ${command.name()}` : '';
  return program.hintFor?.(complaint, command) ?? `${program.call}${verb} --help`;
}
