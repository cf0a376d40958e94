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
import { commands } from './cli/commands/index.ts';
import { mayShowSecrets } from './jobs/build/may-show-secrets.ts';

/** The outside world as the CLI sees it; injected by the bin file and by tests. */
export interface CliWorld {
  readonly argv: readonly string[];
  readonly streams: ReporterStreams;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly root: string;
  readonly version: string;
  readonly interactive: boolean;
  readonly signal: AbortSignal;
}

/** Runs one command line; returns the exit code, and prints every failure in one form. */
export async function runCli(world: CliWorld): Promise<number> {
  let exitCode: number = ExitCode.done;
  const json = wantsJson(world.argv);
  const program = new Command('micro-linux')
    .description('One config file in; a bootable, updatable A/B system out. No root needed.')
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
        signal: world.signal,
        cwd: world.cwd,
        env: world.env,
        root: world.root,
        interactive: world.interactive,
        mayShowSecrets: mayShowSecrets(world.streams.stdout, world.env),
      }),
      (code) => {
        exitCode = code;
      },
    );
  }
  program.hook('preAction', (_program, command) => {
    refuseSwallowedFlags(command, `./micro-linux ${command.name()} --help`);
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
        ? usageError(thrown, hintFor(thrown.message, world.argv, program))
        : toMicroLinuxError(world.signal.aborted ? world.signal.reason : thrown);
    if (json) {
      world.streams.stdout.write(`${renderErrorJson(error)}\n`);
    } else {
      world.streams.stderr.write(`${renderError(error)}\n`);
    }
    return error.exitCode;
  }
}

/** What helps with a command line that cannot be read. */
function hintFor(complaint: string, [verb]: readonly string[], program: Command): string {
  const command = program.commands.find((known) => known.name() === verb);
  if (command && /unknown option '(?:-V|--version(?:=.*)?)'/.test(complaint)) {
    return command.options.some(({ long }) => long === '--image-version')
      ? 'the version of the image is --image-version 1.2.3; that of the builder is ./micro-linux --version'
      : './micro-linux --version';
  }
  return `./micro-linux${command ? ` ${verb}` : ''} --help`;
}
