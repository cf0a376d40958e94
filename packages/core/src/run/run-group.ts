/** How to run a program whose children must not outlive it. */
export interface GroupRunOptions {
  /** Milliseconds after which the whole process group gets SIGKILL. */
  readonly timeoutMs: number;
  /** How much of the end of its output is kept, in bytes. */
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
  /** The end of what it wrote on standard output and standard error, in the order it came. */
  readonly output: string;
}

/** The type of {@link runGroup}, for those who are given it instead of importing it. */
export type GroupRunner = (
  file: string,
  args: readonly string[],
  options: GroupRunOptions,
) => Promise<GroupRunResult>;

/** How long a pipe may stay open after the program's end: a process left its group and holds it. */
const DRAIN_MS = 500;

/**
 * Runs somebody else's program in a process group of its own. When it ends or its time is over,
 * what is left of the group is killed, so this never waits for longer than the timeout and a
 * moment. It never rejects: each outcome is an answer.
 */
export const runGroup: GroupRunner = async (file, args, options) => {
  // Loaded when a program is run: most command lines of the agent run none.
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
  clearTimeout(stop);
  return {
    exitCode,
    signal,
    timedOut,
    startError: undefined,
    output: tail.toString('utf8'),
  };
};
