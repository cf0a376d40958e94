import { MIB, printableLine } from '@micro-linux/core';
import cliProgress from 'cli-progress';
import { plainProgress } from './plain-progress.ts';
import type { Progress, ProgressEdge } from './progress.ts';

const MIB_DIGITS = 0;

/** A bar for the running step, replaced by a line when the step ends. */
export function barProgress(edge: ProgressEdge): Progress {
  const lines = plainProgress(edge);
  return {
    step(id, title) {
      const line = lines.step(id, title);
      let bar: cliProgress.SingleBar | undefined;
      const stop = () => {
        bar?.stop();
        bar = undefined;
      };
      return {
        advance(doneBytes, totalBytes) {
          if (!bar) {
            bar = new cliProgress.SingleBar({
              stream: edge.stream,
              format: `       ${printableLine(title).replaceAll('{', '(')} {bar} {percentage} % of {size} MiB, {eta_formatted} left`,
              barsize: 30,
              barCompleteChar: '█',
              barIncompleteChar: '░',
              hideCursor: true,
              clearOnComplete: true,
            });
            bar.start(totalBytes, doneBytes, { size: (totalBytes / MIB).toFixed(MIB_DIGITS) });
          }
          bar.update(doneBytes);
        },
        done(note) {
          stop();
          line.done(note);
        },
        failed() {
          stop();
          line.failed();
        },
      };
    },
  };
}
