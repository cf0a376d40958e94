import { printableLine } from '@micro-linux/core';
import type { Progress, ProgressEdge } from './progress.ts';

/** Percent between two lines. */
const EVERY_PERCENT = 20;

/** Lines for a log or the journal: one at the end of each step, a few during a long one. */
export function plainProgress({ stream, now }: ProgressEdge): Progress {
  return {
    step(_id, name) {
      const title = printableLine(name);
      const startedAt = now();
      let told = 0;
      const end = (word: string, note = '') =>
        void stream.write(
          `${word} ${title}${note === '' ? '' : `: ${printableLine(note)}`} (${((now() - startedAt) / 1000).toFixed(1)} s)\n`,
        );
      return {
        advance(doneBytes, totalBytes) {
          const percent = Math.floor((doneBytes / Math.max(1, totalBytes)) * 100);
          if (percent >= told + EVERY_PERCENT && percent < 100) {
            told = percent - (percent % EVERY_PERCENT);
            stream.write(`       ${title}: ${told} %\n`);
          }
        },
        done: (note) => end('done  ', note),
        failed: () => end('failed'),
      };
    },
  };
}
