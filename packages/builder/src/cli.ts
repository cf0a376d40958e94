import {
  createReporter,
  ExitCode,
  errorToObject,
  type ReporterStreams,
  renderError,
  toMicroLinuxError,
} from '@micro-linux/core';
import { Command, CommanderError } from 'commander';
import { mayShowSecrets } from './build/may-show-secrets.ts';
import { commands } from './commands/index.ts';

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
  const json = world.argv.includes('--json');
  const program = new Command('micro-linux')
    .description('One config file in; a bootable, updatable A/B system out. No root needed.')
    .version(world.version, '-V, --version')
    .showHelpAfterError('(micro-linux COMMAND --help tells more)')
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
