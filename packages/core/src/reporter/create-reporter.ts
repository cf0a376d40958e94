import pc from 'picocolors';
import yoctoSpinner from 'yocto-spinner';
import { printableJson, printableLine, printableResult, printableText } from '../text/printable.ts';
import type { Progress, Reporter, StepReporter } from './reporter.ts';

/** Where a reporter writes. */
export interface ReporterStreams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WriteStream;
}

export interface ReporterOptions {
  /** The result as one JSON object on stdout; progress stays on stderr as plain lines. */
  readonly json: boolean;
  readonly streams: ReporterStreams;
  /** Milliseconds; injected so that tests see fixed times. */
  readonly now?: () => number;
}

/**
 * A reporter for a terminal (a live line for the running step), a pipe (plain lines, one when a
 * step begins to speak and one when it ends) or a machine (`json`). Every text may quote what an
 * attacker wrote: nothing that a terminal acts on gets through.
 */
export function createReporter(options: ReporterOptions): Reporter {
  const { stdout, stderr } = options.streams;
  const now = options.now ?? Date.now;
  const live = stderr.isTTY === true && !options.json;
  const line = (text: string) => stderr.write(`${text}\n`);

  return {
    info: (message) => void line(printableText(message)),
    warn: (message) => void line(`${pc.yellow('warning:')} ${printableText(message)}`),
    step: (title) => startStep(printableLine(title)),
    result(human, data) {
      if (options.json) {
        stdout.write(`${printableJson({ schema: 1, ok: true, ...data })}\n`);
      } else if (human !== '') {
        stdout.write(`${printableResult(human)}\n`);
      }
    },
  };

  function startStep(title: string): StepReporter {
    const startedAt = now();
    const spinner = live ? yoctoSpinner({ text: title, stream: stderr }).start() : undefined;
    const end = (mark: string, note: string) => {
      const seconds = ((now() - startedAt) / 1000).toFixed(1);
      spinner?.stop();
      line(
        `${mark} ${title}${note === '' ? '' : pc.dim(` ${printableLine(note)}`)} ${pc.dim(`${seconds} s`)}`,
      );
    };
    return {
      progress(progress) {
        if (spinner) {
          spinner.text = `${title} ${pc.dim(printableLine(progressText(progress)))}`;
        }
      },
      done: (note = '') => end(pc.green('done  '), note),
      cached: (note = '') => end(pc.cyan('cached'), note),
      failed: () => end(pc.red('failed'), ''),
    };
  }
}

function progressText({ message, fraction }: Progress): string {
  const percent = fraction === undefined ? '' : `${Math.floor(fraction * 100)} %`;
  return [percent, message ?? ''].filter((part) => part !== '').join(' ');
}
