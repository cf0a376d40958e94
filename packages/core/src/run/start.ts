import type { Readable, Writable } from 'node:stream';
import { notStarted, toolMissing } from './run.ts';
import { commandLine } from './shell-quote.ts';
import { stoppable } from './stoppable.ts';
import { traceCommand } from './trace.ts';

/** How to start a program that runs in the background. */
export interface StartOptions {
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Aborting ends the program as {@link RunningProgram.kill} does. */
  readonly signal?: AbortSignal | undefined;
  /**
   * `inherit`: it uses this process's terminal. `none`: its input is empty, its standard output is
   * discarded, and its standard error is kept for {@link ProgramExit.stderr}. `pipes`: standard
   * input and output are {@link RunningProgram.pipes}; its standard input ends when this process
   * ends for any reason. With `none` and `pipes` it has its own session, where Ctrl-C does not
   * reach it.
   */
  readonly terminal: 'inherit' | 'none' | 'pipes';
}

/** How a program ended. */
export interface ProgramExit {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** Its standard error (the last megabytes); empty with an inherited terminal. */
  readonly stderr: string;
}

/** A running program. It ends with this process, unless that is ended by SIGKILL. */
export interface RunningProgram {
  readonly pid: number;
  /** Only with `terminal: 'pipes'`. */
  readonly pipes: { readonly stdin: Writable; readonly stdout: Readable } | undefined;
  /** Resolves when it has ended for any reason; never rejects. */
  readonly exited: Promise<ProgramExit>;
  /** SIGTERM to it and its descendants, then SIGKILL; resolves when it has ended. */
  kill(): Promise<ProgramExit>;
}

/** The type of {@link start}, for callers that receive it as a parameter. */
export type Starter = (
  file: string,
  args: readonly string[],
  options: StartOptions,
) => Promise<RunningProgram>;

/** Milliseconds between SIGTERM and SIGKILL: background programs have nothing to clean up. */
const GRACE_MS = 800;

/**
 * Starts an external program and returns while it runs: the counterpart of `run` for interactive
 * programs.
 *
 * @throws MicroLinuxError `tool-missing` (not installed), `tool-failed` (did not start).
 */
export const start: Starter = async (file, args, options) => {
  const trace = traceCommand(file, commandLine(file, args));
  // Loaded on demand: most command lines of the agent run no program.
  const { execa } = await import('execa');
  const child = execa(file, args, {
    reject: false,
    ...stdioOf(options.terminal),
    ...(options.env ? { env: options.env } : {}),
    killDescendants: options.terminal === 'none',
    stripFinalNewline: false,
  });
  const hold = stoppable(child.nodeChildProcess, { signal: options.signal, graceMs: GRACE_MS });
  const exited = child.then((result) => {
    trace?.end();
    return {
      exitCode: result.exitCode,
      signal: result.signal,
      stderr: typeof result.stderr === 'string' ? result.stderr : '',
      code: result.code,
      cause: result.cause,
    };
  });
  if (child.pid === undefined) {
    const { code, cause } = await exited;
    if (code === 'ENOENT') {
      throw toolMissing(file, cause);
    }
    throw notStarted(file, args, cause);
  }
  return {
    pid: child.pid,
    pipes: child.stdin && child.stdout ? { stdin: child.stdin, stdout: child.stdout } : undefined,
    exited,
    kill() {
      hold.stop();
      return exited;
    },
  };
};

function stdioOf(terminal: StartOptions['terminal']) {
  const ignore = 'ignore' as const;
  const pipe = 'pipe' as const;
  switch (terminal) {
    case 'inherit':
      return { stdio: 'inherit' as const };
    case 'none':
      return { stdin: ignore, stdout: ignore, stderr: pipe };
    case 'pipes':
      return {
        stdin: pipe,
        stdout: pipe,
        stderr: pipe,
        buffer: { stdout: false, stderr: true },
        detached: true,
      };
  }
}
