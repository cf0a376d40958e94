import { createColors } from 'picocolors';
import yoctoSpinner from 'yocto-spinner';
import { printableJson, printableLine, printableResult, printableText } from '../text/printable.ts';
import type { Progress, Reporter, StepReporter } from './reporter.ts';
import { type ColourEnvironment, useColour } from './use-colour.ts';

/** Where a reporter writes. */
export interface ReporterStreams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WriteStream;
}

export interface ReporterOptions {
  /** The result as one JSON object on stdout; progress stays on stderr as plain lines. */
  readonly json: boolean;
  readonly streams: ReporterStreams;
  /** Nothing but warnings. By default, progress and notices are shown, too. */
  readonly isQuiet?: boolean;
  /** With `isQuiet`: the result is what the user wants to see, so it is printed anyway. */
  readonly keepsResult?: boolean;
  /** Other lines appear in between, so no line moves. */
  readonly isVerbose?: boolean;
  /**
   * Decides about colors and moving lines, together with `streams`; this process's own by default.
   */
  readonly env?: ColourEnvironment;
  /** Milliseconds; injected so that tests see fixed times. */
  readonly now?: () => number;
}

/** Delay in milliseconds before a plain line reports the start of a step: most steps end sooner. */
const QUIET_MS = 1000;
/** Interval in milliseconds between plain progress lines of a step. */
const HEARTBEAT_MS = 20_000;

/**
 * A reporter for a terminal (a live line for the steps that run), a pipe (plain lines: after a
 * second, every 20 seconds, and at the end of a step) or a machine (`json`). Every text may quote
 * an attacker, so terminal control sequences are escaped.
 */
export function createReporter(options: ReporterOptions): Reporter {
  const { stdout, stderr } = options.streams;
  const now = options.now ?? Date.now;
  const env = options.env ?? process.env;
  const live = !options.json && options.isVerbose !== true && canMove(stderr, env);
  const isQuiet = options.isQuiet === true;
  // Checked here: picocolors alone would check stdout and CI, and color a pipe.
  const pc = createColors(!options.json && useColour(stderr, env));
  const running = new Set<{ readonly text: string }>();
  let spinner: ReturnType<typeof yoctoSpinner> | undefined;
  const line = (text: string) => stderr.write(`${text}\n`);

  return {
    info: isQuiet ? () => {} : (message) => void line(printableText(message)),
    warn: (message) => void line(`${pc.yellow('warning:')} ${printableText(message)}`),
    step: isQuiet ? () => SILENT : (title) => (live ? liveStep : plainStep)(printableLine(title)),
    result(human, data) {
      if (options.json) {
        stdout.write(`${printableJson({ schema: 1, ok: true, ...data })}\n`);
      } else if (human !== '' && (!isQuiet || options.keepsResult === true)) {
        stdout.write(`${printableResult(human)}\n`);
      }
    },
  };

  function liveStep(title: string): StepReporter {
    const step = { text: title };
    running.add(step);
    showRunning();
    return ending(
      title,
      (progress) => {
        step.text = `${title} ${pc.dim(progressText(progress))}`;
        showRunning();
      },
      () => {
        running.delete(step);
        showRunning();
      },
    );
  }

  /** All running steps share one line, below those that have ended. */
  function showRunning() {
    if (running.size === 0) {
      spinner?.stop();
      spinner = undefined;
      return;
    }
    // Signals are handled by the program, which has files to remove before it exits.
    const text = [...running].map((step) => step.text).join(pc.dim(' | '));
    spinner ??= yoctoSpinner({ text, stream: stderr, handleSignals: false }).start();
    spinner.text = text;
  }

  function plainStep(title: string): StepReporter {
    const startedAt = now();
    let latest = '';
    let timer = setTimeout(() => {
      line(withNote(`start  ${title}`, latest));
      timer = setInterval(() => {
        line(withNote(`still  ${title}`, `${latest} ${secondsSince(startedAt, 0)}`.trim()));
      }, HEARTBEAT_MS).unref();
    }, QUIET_MS).unref();
    return ending(
      title,
      (progress) => {
        latest = progressText(progress);
      },
      () => clearTimeout(timer),
    );
  }

  function ending(
    title: string,
    progress: StepReporter['progress'],
    stop: () => void,
  ): StepReporter {
    const startedAt = now();
    const end = (mark: string, note: string) => {
      stop();
      line(
        `${withNote(`${mark} ${title}`, printableLine(note))} ${pc.dim(secondsSince(startedAt, 1))}`,
      );
    };
    return {
      progress,
      done: (note = '') => end(pc.green('done  '), note),
      cached: (note = '') => end(pc.cyan('cached'), note),
      failed: () => end(pc.red('failed'), ''),
    };
  }

  function withNote(text: string, note: string): string {
    return note === '' ? text : `${text} ${pc.dim(note)}`;
  }

  function secondsSince(startedAt: number, digits: number): string {
    return `${((now() - startedAt) / 1000).toFixed(digits)} s`;
  }
}

const SILENT: StepReporter = { progress() {}, done() {}, cached() {}, failed() {} };

/** Whether a line may be redrawn: on a capable terminal, unless plain text was requested. */
function canMove(stream: NodeJS.WriteStream, env: ColourEnvironment): boolean {
  // The spinner's own rule for CI: the variable only needs to exist.
  const asked = (env['NO_COLOR'] ?? '') !== '' || env['CI'] !== undefined;
  return stream.isTTY === true && env['TERM'] !== 'dumb' && !asked;
}

function progressText({ message, fraction }: Progress): string {
  const percent = fraction === undefined ? '' : `${Math.floor(fraction * 100)} %`;
  return printableLine([percent, message ?? ''].filter((part) => part !== '').join(' '));
}
