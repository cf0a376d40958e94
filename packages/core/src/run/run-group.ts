import { commandLine } from './shell-quote.ts';
import { traceCommand } from './trace.ts';

/** How to run a program whose children must not outlive it. */
export interface GroupRunOptions {
  /** Milliseconds after which the whole process group gets SIGKILL. */
  readonly timeoutMs: number;
  /** The user wrote the command, so it may contain a secret: `--verbose` shows only the program. */
  readonly isSecret?: boolean | undefined;
  /** Bytes of output to keep, from its end. */
  readonly tailBytes: number;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** How it ended. */
export interface GroupRunResult {
  /** Undefined when a signal ended it or it did not start. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly timedOut: boolean;
  /** Why it did not start. */
  readonly startError: string | undefined;
  /** The end of its standard output and standard error, in order of arrival. */
  readonly output: string;
}

/** The type of {@link runGroup}, for callers that receive it as a parameter. */
export type GroupRunner = (
  file: string,
  args: readonly string[],
  options: GroupRunOptions,
) => Promise<GroupRunResult>;

/**
 * How long a pipe may stay open after the program's end, if a process that left its group holds it
 * open.
 */
const DRAIN_MS = 500;

/**
 * Runs an external program in its own process group. When it ends or times out, the rest of the
 * group is killed, so this never waits much longer than the timeout. It never rejects: every
 * outcome is a result.
 */
export const runGroup: GroupRunner = async (file, args, options) => {
  const trace = traceCommand(file, options.isSecret ? undefined : commandLine(file, args));
  // Loaded on demand: most command lines of the agent run no program.
  const { execa } = await import('execa');
  const child = execa(file, args, {
    reject: false,
    killDescendants: true,
    killSignal: 'SIGKILL',
    timeout: options.timeoutMs,
    stdin: 'ignore',
    buffer: false,
    ...(options.env ? { env: options.env } : {}),
  });
  if (child.pid === undefined) {
    const { originalMessage } = await child;
    trace?.end();
    return {
      exitCode: undefined,
      signal: undefined,
      timedOut: false,
      startError: originalMessage ?? 'it did not start',
      output: '',
    };
  }
  const streams = [child.stdout, child.stderr];
  let tail: Buffer = Buffer.alloc(0);
  for (const stream of streams) {
    stream.on('data', (chunk: Buffer) => {
      tail = Buffer.concat([tail, chunk]).subarray(-options.tailBytes);
    });
  }
  let stop: NodeJS.Timeout | undefined;
  child.nodeChildProcess.once('exit', () => {
    child.kill();
    stop = setTimeout(() => {
      for (const stream of streams) {
        stream.destroy();
      }
    }, DRAIN_MS);
  });
  const { exitCode, signal, timedOut } = await child;
  trace?.end();
  clearTimeout(stop);
  return {
    exitCode,
    signal,
    timedOut,
    startError: undefined,
    output: tail.toString('utf8'),
  };
};
