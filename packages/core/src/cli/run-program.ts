import { Command, CommanderError } from 'commander';
import { ExitCode } from '../errors/exit-codes.ts';
import { renderError, renderErrorJson, toMicroLinuxError } from '../errors/render.ts';
import { createReporter, type ReporterStreams } from '../reporter/create-reporter.ts';
import type { Reporter } from '../reporter/reporter.ts';
import { traceCommands } from '../run/trace.ts';
import { printableResult, printableText } from '../text/printable.ts';
import { addVerbs, type ProgramVerbs } from './add-verbs.ts';
import type { CommonOptions } from './register-command.ts';
import { refuseSwallowedFlags, usageError, wantsJson } from './usage-error.ts';

/** A program with verbs, and the command line that it is run with. */
export interface Program<Context> extends ProgramVerbs<Context> {
  /** How a user calls it, for hints. */
  readonly call: string;
  /** Verbs whose result is what a user wants to see, so that `--quiet` prints it, too. */
  readonly answers: ReadonlySet<string>;
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
  let keepsResult = false;
  let isVerbose = false;
  const root = new Command()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(printableResult(text)),
      // Printed below, in the form of all errors.
      outputError: () => {},
    })
    .exitOverride();
  addVerbs(
    root,
    program,
    ({ json = false, quiet = false }) =>
      program.context(createReporter({ json, streams, isQuiet: quiet, keepsResult, isVerbose })),
    (code) => {
      exitCode = code;
    },
  );
  root.hook('preAction', (_program, command) => {
    refuseSwallowedFlags(command, `${call} ${command.name()} --help`);
    const options: CommonOptions & { readonly dryRun?: boolean; readonly check?: unknown } =
      command.opts();
    isVerbose = options.verbose === true;
    keepsResult =
      options.dryRun === true || options.check !== undefined || program.answers.has(command.name());
  });
  const trace = (line: string) => {
    if (isVerbose) {
      streams.stderr.write(`${printableText(line)}\n`);
    }
  };
  try {
    await traceCommands(trace, () => root.parseAsync(argv, { from: 'user' }));
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

function hintFor<Context>(complaint: string, program: Program<Context>, root: Command): string {
  const command = root.commands.find((known) => known.name() === program.argv[0]);
  const verb = command ? ` ${command.name()}` : '';
  return program.hintFor?.(complaint, command) ?? `${program.call}${verb} --help`;
}
