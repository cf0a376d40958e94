import type { ReporterStreams } from '@micro-linux/core';
import { runProgram } from '@micro-linux/core/cli';
import type { Command } from 'commander';
import { program } from './cli/commands/index.ts';
import { mayShowSecrets } from './jobs/build/may-show-secrets.ts';
import { CHECKOUT_CALL, withCall } from './system/installation.ts';

/** The outside world as the CLI sees it; injected by the bin file and by tests. */
export interface CliWorld {
  readonly argv: readonly string[];
  readonly streams: ReporterStreams;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly root: string;
  readonly version: string;
  /** How the user calls the builder; by default, as in a checkout. */
  readonly call?: string;
  readonly interactive: boolean;
  readonly signal: AbortSignal;
}

/** Runs one command line; returns the exit code, and prints every failure in one form. */
export function runCli(world: CliWorld): Promise<number> {
  const { argv, version, signal, env, call = CHECKOUT_CALL } = world;
  const streams = call === CHECKOUT_CALL ? world.streams : streamsWithCall(world.streams, call);
  return runProgram({
    ...program,
    version,
    call,
    argv,
    streams,
    context: (reporter) => ({
      reporter,
      signal,
      cwd: world.cwd,
      env,
      root: world.root,
      interactive: world.interactive,
      mayShowSecrets: mayShowSecrets(streams.stdout, env),
    }),
    hintFor: versionHint,
    failure: (thrown) => (signal.aborted ? signal.reason : thrown),
  });
}

/** Streams that print hints with the user's call. */
function streamsWithCall({ stdout, stderr }: ReporterStreams, call: string): ReporterStreams {
  const renamed = <Stream extends NodeJS.WritableStream>(stream: Stream): Stream =>
    Object.create(stream, {
      write: {
        value: (data: string | Uint8Array) =>
          stream.write(typeof data === 'string' ? withCall(data, call) : data),
      },
    });
  return { stdout: renamed(stdout), stderr: renamed(stderr) };
}

/** For users who give the version of the image as `--version`. */
function versionHint(complaint: string, command: Command | undefined): string | undefined {
  if (!command || !/unknown option '(?:-V|--version(?:=.*)?)'/.test(complaint)) {
    return undefined;
  }
  return command.options.some(({ long }) => long === '--image-version')
    ? 'the version of the image is --image-version 1.2.3; that of the builder is ./micro-linux --version'
    : './micro-linux --version';
}
