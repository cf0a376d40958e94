import { execa } from 'execa';
import { MicroLinuxError } from '../errors/micro-linux-error.ts';
import { toolMissing } from './run.ts';
import { commandLine } from './shell-quote.ts';

/** How to start a program that goes on while this process does other things. */
export interface StartOptions {
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Aborting ends the program as {@link RunningProgram.kill} does. */
  readonly signal?: AbortSignal | undefined;
  /**
   * `inherit`: it has this process's terminal. `none`: it reads nothing, its standard output is
   * dropped, and its standard error is kept for {@link ProgramExit.stderr}.
   */
  readonly terminal: 'inherit' | 'none';
}

/** How a program ended. */
export interface ProgramExit {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** What it wrote on standard error (its last megabytes); empty with an inherited terminal. */
  readonly stderr: string;
}

/** A program that runs. It is ended with this process, whatever ends that (but SIGKILL). */
export interface RunningProgram {
  readonly pid: number;
  /** Resolves when it has ended, however it did; never rejects. */
  readonly exited: Promise<ProgramExit>;
  /** SIGTERM, then SIGKILL 800 ms later; resolves when it has ended. */
  kill(): Promise<ProgramExit>;
}

/** The type of {@link start}, for those who are given it instead of importing it. */
export type Starter = (
  file: string,
  args: readonly string[],
  options: StartOptions,
) => Promise<RunningProgram>;

const FORCE_KILL_AFTER_MS = 800;

/**
 * Starts an outside program and returns while it runs: `run` for what has to be talked to.
 *
 * @throws MicroLinuxError `tool-missing` (not installed), `tool-failed` (did not start).
 */
export const start: Starter = async (file, args, options) => {
  const child = execa(file, args, {
    reject: false,
    ...(options.terminal === 'inherit'
      ? { stdio: 'inherit' as const }
      : { stdin: 'ignore' as const, stdout: 'ignore' as const, stderr: 'pipe' as const }),
    ...(options.env ? { env: options.env } : {}),
    ...(options.signal ? { cancelSignal: options.signal } : {}),
    forceKillAfterDelay: FORCE_KILL_AFTER_MS,
    stripFinalNewline: false,
  });
  const exited = child.then((result) => ({
    exitCode: result.exitCode,
    signal: result.signal,
    stderr: typeof result.stderr === 'string' ? result.stderr : '',
    code: result.code,
    cause: result.cause,
  }));
  if (child.pid === undefined) {
    const { code, cause } = await exited;
    if (code === 'ENOENT') {
      throw toolMissing(file, cause);
    }
    throw new MicroLinuxError({
      code: 'tool-failed',
      message: `${file} did not start`,
      why: `command: ${commandLine(file, args)}`,
      cause,
    });
  }
  return {
    pid: child.pid,
    exited,
    kill() {
      child.kill('SIGTERM');
      return exited;
    },
  };
};
