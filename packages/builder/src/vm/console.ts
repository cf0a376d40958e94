import { cancelled, MicroLinuxError } from '@micro-linux/core';
import { BOOT_FAILURES, type BootFailure } from './boot-failures.ts';
import { ControlStripper } from './control-stripper.ts';
import { type StartTimer, wallTime } from './own-time.ts';

/** What a wait looks for: a regular expression, or a text within a line. */
export type Pattern = RegExp | string;

export interface WaitOptions {
  /** Milliseconds until the wait fails with `console-timeout`. */
  readonly timeoutMs: number;
  /**
   * Milliseconds without a byte on the console until the wait fails with `console-silent`; if not
   * set, only `timeoutMs` counts. On a busy host, silence says more than the duration of a boot. A
   * machine's console measures it in the machine's own time ({@link file://./own-time.ts}).
   */
  readonly silentMs?: number | undefined;
  /** Lines that end the wait with `boot-failed`; {@link BOOT_FAILURES} by default. */
  readonly failures?: readonly BootFailure[] | undefined;
  /** What is waited for, for errors, e.g. "the login prompt". */
  readonly what?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The match. */
export interface ConsoleMatch {
  /** Index of the pattern, from 0. */
  readonly index: number;
  /** The matched text and the groups. */
  readonly match: readonly string[];
  /** The line with the match, as received so far. */
  readonly line: string;
}

interface Waiter {
  readonly patterns: readonly RegExp[];
  readonly failures: readonly BootFailure[];
  /** Called whenever bytes arrive. */
  heard(): void;
  settle(outcome: { found: ConsoleMatch } | { error: MicroLinuxError }): void;
}

const TAIL_LINES = 15;

/**
 * The output of a machine's serial port as plain text, and waits for parts of it. Driven by
 * incoming bytes, without polling.
 *
 * A wait begins after the match of the last successful one, so that a wait for "login:" after a
 * reboot does not match the prompt before it. Patterns match within one line.
 */
export class Console {
  readonly #stripper = new ControlStripper();
  readonly #decoder = new TextDecoder();
  readonly #waiters = new Set<Waiter>();
  readonly #logFile: string | undefined;
  readonly #startTimer: StartTimer;
  #text = '';
  #cursor = 0;
  #closed: MicroLinuxError | undefined;

  /**
   * @param logFile Named in errors; the caller writes it.
   * @param startTimer The clock that measures silence.
   */
  constructor(logFile?: string, startTimer: StartTimer = wallTime) {
    this.#logFile = logFile;
    this.#startTimer = startTimer;
  }

  /** All output so far, without terminal control sequences. */
  get text(): string {
    return this.#text;
  }

  /** Adds bytes as they arrive. */
  push(bytes: Uint8Array): void {
    for (const waiter of this.#waiters) {
      waiter.heard();
    }
    const plain = this.#stripper.push(this.#decoder.decode(bytes, { stream: true }));
    if (plain === '') {
      return;
    }
    const from = this.#text.lastIndexOf('\n') + 1;
    this.#text += plain;
    for (const waiter of [...this.#waiters]) {
      this.#look(waiter, Math.max(from, this.#cursor));
    }
  }

  /** Ends the output: from now on, waits fail with this error. */
  close(error: MicroLinuxError): void {
    this.#closed ??= error;
    for (const waiter of [...this.#waiters]) {
      waiter.settle({ error: this.#withTail(this.#closed) });
    }
  }

  /**
   * Resolves when one of the patterns is on the console after the last match. If several are
   * already there, the first one counts.
   *
   * @throws MicroLinuxError `boot-failed` (the console shows that the boot failed),
   *   `console-timeout`, `console-silent`, `machine-ended`, `cancelled`.
   */
  waitFor(wanted: Pattern | readonly Pattern[], options: WaitOptions): Promise<ConsoleMatch> {
    const list = typeof wanted === 'string' || wanted instanceof RegExp ? [wanted] : wanted;
    const what = options.what ?? list.map(String).join(' or ');
    return new Promise((resolve, reject) => {
      const { signal } = options;
      const onAbort = () =>
        waiter.settle({ error: cancelled(`waiting for ${what} was cancelled`) });
      const timer = setTimeout(
        () => waiter.settle({ error: this.#timedOut(what, options.timeoutMs) }),
        options.timeoutMs,
      );
      const { silentMs } = options;
      const silence =
        silentMs === undefined
          ? undefined
          : this.#startTimer(silentMs, () =>
              waiter.settle({ error: this.#silent(what, silentMs) }),
            );
      const waiter: Waiter = {
        patterns: list.map(toRegExp),
        failures: options.failures ?? BOOT_FAILURES,
        heard: () => silence?.refresh(),
        settle: (outcome) => {
          if (!this.#waiters.delete(waiter)) {
            return;
          }
          clearTimeout(timer);
          silence?.end();
          signal?.removeEventListener('abort', onAbort);
          if ('found' in outcome) {
            resolve(outcome.found);
          } else {
            reject(outcome.error);
          }
        },
      };
      this.#waiters.add(waiter);
      signal?.addEventListener('abort', onAbort);
      if (signal?.aborted) {
        onAbort();
        return;
      }
      this.#look(waiter, this.#cursor);
      if (this.#closed) {
        waiter.settle({ error: this.#withTail(this.#closed) });
      }
    });
  }

  #look(waiter: Waiter, from: number): void {
    for (let start = from; start < this.#text.length; ) {
      const newline = this.#text.indexOf('\n', start);
      const end = newline === -1 ? this.#text.length : newline;
      const line = this.#text.slice(start, end);
      const found = firstMatch(line, waiter.patterns);
      const failure = waiter.failures.find(({ pattern }) => pattern.test(line));
      if (found) {
        this.#cursor = Math.max(this.#cursor, start + found.end);
        waiter.settle({ found: { index: found.index, match: found.match, line } });
        return;
      }
      if (failure) {
        this.#cursor = Math.max(this.#cursor, end);
        waiter.settle({ error: this.#failed(failure, line) });
        return;
      }
      start = end + 1;
    }
  }

  #failed(failure: BootFailure, line: string): MicroLinuxError {
    return this.#withTail(
      new MicroLinuxError({
        code: 'boot-failed',
        message: `the machine ${failure.meaning}: ${line.trim()}`,
      }),
    );
  }

  #timedOut(what: string, timeoutMs: number): MicroLinuxError {
    return this.#withTail(
      new MicroLinuxError({
        code: 'console-timeout',
        message: `${what} did not appear within ${timeoutMs / 1000} s`,
      }),
    );
  }

  #silent(what: string, silentMs: number): MicroLinuxError {
    return this.#withTail(
      new MicroLinuxError({
        code: 'console-silent',
        message: `${what} did not appear, and the console was silent for ${silentMs / 1000} s`,
      }),
    );
  }

  /** The error with the last lines of the console and the path of the log. */
  #withTail(error: MicroLinuxError): MicroLinuxError {
    const tail = this.#text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
    return new MicroLinuxError({
      code: error.code,
      message: error.message,
      why: [
        ...(error.why === undefined ? [] : [error.why]),
        ...(tail === '' ? ['the console printed nothing'] : ["the console's last lines:", tail]),
        ...(this.#logFile === undefined ? [] : [`full console: ${this.#logFile}`]),
      ].join('\n'),
      hint: error.hint,
      exitCode: error.exitCode,
      details: {
        ...error.details,
        ...(this.#logFile === undefined ? {} : { consoleLog: this.#logFile }),
      },
      cause: error,
    });
  }
}

function firstMatch(
  line: string,
  patterns: readonly RegExp[],
): { index: number; match: string[]; at: number; end: number } | undefined {
  return patterns
    .flatMap((pattern, index) => {
      const match = pattern.exec(line);
      return match
        ? [{ index, match: [...match], at: match.index, end: match.index + match[0].length }]
        : [];
    })
    .sort((one, other) => one.at - other.at)[0];
}

function toRegExp(pattern: Pattern): RegExp {
  return typeof pattern === 'string'
    ? new RegExp(pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    : // A global or sticky one would keep its position.
      new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
}
