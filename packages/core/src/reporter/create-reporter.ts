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
  /** Decides with `streams` about colours and lines that move; this process's own by default. */
  readonly env?: ColourEnvironment;
  /** Milliseconds; injected so that tests see fixed times. */
  readonly now?: () => number;
}

/** Milliseconds before a plain line says that a step has started: most end sooner. */
const QUIET_MS = 1000;
/** Milliseconds between the plain lines that say how far a step is. */
const HEARTBEAT_MS = 20_000;

/**
 * A reporter for a terminal (a live line for the steps that run), a pipe (plain lines: when a step
 * takes longer than a second, every 20 seconds while it runs, and when it ends) or a machine (`json`). Every text may quote what an
 * attacker wrote: nothing that a terminal acts on gets through.
 */
export function createReporter(options: ReporterOptions): Reporter {
  const { stdout, stderr } = options.streams;
  const now = options.now ?? Date.now;
  const env = options.env ?? process.env;
  const live = !options.json && canMove(stderr, env);
  // Asked for here: picocolors alone would look at stdout and at CI, and colour a pipe.
  const pc = createColors(!options.json && useColour(stderr, env));
  const running = new Set<{ readonly text: string }>();
  let spinner: ReturnType<typeof yoctoSpinner> | undefined;
  const line = (text: string) => stderr.write(`${text}\n`);

  return {
    info: (message) => void line(printableText(message)),
    warn: (message) => void line(`${pc.yellow('warning:')} ${printableText(message)}`),
    step: (title) => (live ? liveStep : plainStep)(printableLine(title)),
    result(human, data) {
      if (options.json) {
        stdout.write(`${printableJson({ schema: 1, ok: true, ...data })}\n`);
      } else if (human !== '') {
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

  /** All steps that run share one line, which stands below those that have ended. */
  function showRunning() {
    if (running.size === 0) {
      spinner?.stop();
      spinner = undefined;
      return;
    }
    // Signals are the program's own business: it has files to remove before it exits.
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

/** Whether a line may be drawn over: on a terminal that can, and where nobody asked for plain text. */
function canMove(stream: NodeJS.WriteStream, env: ColourEnvironment): boolean {
  // The spinner's own rule for CI: it need only be there.
  const asked = (env['NO_COLOR'] ?? '') !== '' || env['CI'] !== undefined;
  return stream.isTTY === true && env['TERM'] !== 'dumb' && !asked;
}

function progressText({ message, fraction }: Progress): string {
  const percent = fraction === undefined ? '' : `${Math.floor(fraction * 100)} %`;
  return printableLine([percent, message ?? ''].filter((part) => part !== '').join(' '));
}
