import { createWriteStream } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { cancelled } from '../errors/cancelled.ts';
import { errnoOf } from '../errors/errno-of.ts';
import { MicroLinuxError } from '../errors/micro-linux-error.ts';
import { explainSystemError, limitHint } from '../errors/system-error.ts';
import { commandLine } from './shell-quote.ts';
import { stoppable } from './stoppable.ts';
import { traceCommand } from './trace.ts';

/** How to run a program; every field is optional. */
export interface RunOptions {
  /** Written to standard input; by default the program reads from an empty input. */
  readonly input?: string | Uint8Array | undefined;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  /**
   * Aborting sends SIGTERM to the program and its descendants, then SIGKILL; the call rejects with
   * code `cancelled` when they have ended.
   */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between SIGTERM and SIGKILL; 3000 by default. */
  readonly graceMs?: number | undefined;
  /**
   * The program may ask for a password or a PIN on /dev/tty, so it stays in this process's session.
   * All others get their own session: Ctrl-C reaches only this process, which ends them in order.
   */
  readonly sharesTerminal?: boolean | undefined;
  /** The command and its output are appended here. Neither may contain secrets. */
  readonly logFile?: string | undefined;
  /** The user wrote the command, so it may contain a secret: `--verbose` shows only the program. */
  readonly isSecret?: boolean | undefined;
  /** Standard output goes into this file instead of memory. */
  readonly stdoutFile?: string | undefined;
  /** Called for each line on standard error and, unless it goes to a file, standard output. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Milliseconds after which the program is ended and the call rejects (`tool-timeout`). */
  readonly timeoutMs?: number | undefined;
  /** Statuses that count as success; `[0]` by default. */
  readonly okExitCodes?: readonly number[] | undefined;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The type of {@link run}, for callers that receive a runner as a parameter. */
export type Runner = (
  file: string,
  args: readonly string[],
  options?: RunOptions,
) => Promise<RunResult>;

const STDERR_TAIL_LINES = 12;

/**
 * Runs an external program to completion. No other function does.
 *
 * @throws MicroLinuxError `tool-missing` (not installed), `tool-failed` (wrong status or killed),
 *   `tool-timeout`, `cancelled`; `disk-full` when its output does not fit into `stdoutFile`.
 */
export const run: Runner = async (file, args, options = {}) => {
  const command = commandLine(file, args);
  if (options.signal?.aborted) {
    throw cancelled(`${file} was cancelled before it started`);
  }
  if (options.logFile) {
    await appendFile(options.logFile, `$ ${command}\n`).catch(() => {});
  }
  const trace = traceCommand(file, options.isSecret ? undefined : command);
  // What is not logged may be secret.
  const shown = options.logFile ? trace : undefined;
  // Loaded on demand: most command lines of the agent run no program.
  const { execa } = await import('execa');
  const child = execa(file, args, {
    reject: false,
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    ...(options.input === undefined ? {} : { input: options.input }),
    stdout: options.stdoutFile ? { file: options.stdoutFile } : 'pipe',
    buffer: { stdout: !options.stdoutFile, stderr: true },
    ...(options.env ? { env: options.env } : {}),
    ...(options.cwd ? { cwd: options.cwd } : {}),
    killDescendants: !options.sharesTerminal,
    stripFinalNewline: false,
  });
  const hold = stoppable(child.nodeChildProcess, options);
  const log = options.logFile ? createWriteStream(options.logFile, { flags: 'a' }) : undefined;
  // The log is optional: a full disk does not end the program.
  log?.on('error', () => {});
  if (log || shown || options.onLine) {
    for (const stream of options.stdoutFile ? [child.stderr] : [child.stdout, child.stderr]) {
      if (stream) {
        createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on(
          'line',
          (line) => {
            log?.write(`${line}\n`);
            shown?.line(line);
            options.onLine?.(line);
          },
        );
      }
    }
  }
  const result = await child;
  trace?.end();
  await new Promise<void>((resolve) => (log ? log.end(resolve) : resolve()));

  const stdout = typeof result.stdout === 'string' ? result.stdout : '';
  const stderr = typeof result.stderr === 'string' ? result.stderr : '';
  if (hold.reason() === 'cancelled') {
    throw cancelled(`${file} was cancelled`);
  }
  if (result.code === 'ENOENT' && result.exitCode === undefined) {
    throw toolMissing(file, result.cause);
  }
  if (hold.reason() === 'timeout') {
    throw failure('tool-timeout', `did not end within ${options.timeoutMs} ms`);
  }
  // Its output did not fit; the program itself may not have noticed.
  const lost = result.exitCode === undefined ? undefined : explainSystemError(result.cause);
  if (lost) {
    throw lost;
  }
  if (result.exitCode === undefined && result.signal === undefined) {
    throw notStarted(file, args, result.cause);
  }
  if (result.exitCode === undefined) {
    throw failure('tool-failed', `was ended by ${result.signal}`);
  }
  if (!(options.okExitCodes ?? [0]).includes(result.exitCode)) {
    throw failure('tool-failed', `ended with status ${result.exitCode}`);
  }
  return { stdout, stderr, exitCode: result.exitCode };

  function failure(code: string, how: string): MicroLinuxError {
    const tail = lastLines(stderr.trim() === '' ? stdout : stderr, STDERR_TAIL_LINES);
    return new MicroLinuxError({
      code,
      message: `${file} ${how}`,
      why: [
        `command: ${command}`,
        ...(tail ? ['its last lines:', tail] : []),
        ...(options.logFile ? [`full log: ${options.logFile}`] : []),
      ].join('\n'),
      details: { command, ...(options.logFile ? { log: options.logFile } : {}) },
      // The whole standard error, for callers that explain known failures.
      cause: new Error(`${stderr}${stdout}`),
    });
  }
};

/** The error for an installed program that the system does not start. */
export function notStarted(file: string, args: readonly string[], cause: unknown): MicroLinuxError {
  const command = commandLine(file, args);
  return new MicroLinuxError({
    code: 'tool-failed',
    message: `${file} did not start`,
    why: [
      ...(cause instanceof Error ? [`the system says: ${cause.message}`] : []),
      `command: ${command}`,
    ].join('\n'),
    hint: limitHint(cause) ?? NOT_STARTED_HINTS[errnoOf(cause) ?? ''],
    details: { command },
    cause,
  });
}

const NOT_STARTED_HINTS: Readonly<Record<string, string>> = {
  EACCES: 'ls -l shows whether your user may run it, findmnt whether its file system is noexec',
  ENOEXEC: 'install it again: its file is damaged, or made for another processor',
  E2BIG: 'shorten the list of files or options',
};

/** The error for a program that is not installed. */
export function toolMissing(file: string, cause?: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'tool-missing',
    message: `the program ${file} is not installed`,
    hint: './micro-linux setup-host',
    details: { tool: file },
    cause,
  });
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
