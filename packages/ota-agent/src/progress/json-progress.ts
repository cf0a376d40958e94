import { printableJson } from '@micro-linux/core';
import type { Progress, ProgressEdge } from './progress.ts';

/**
 * One JSON object per line on standard error; standard output contains only the result. Fields are
 * `schema`, `event` (`started`, `progress`, `done`, `failed`), `step`, and those of the event;
 * docs/explanation/apply.md lists them. At most a hundred `progress` lines per step.
 */
export function jsonProgress({ stream, now }: ProgressEdge): Progress {
  const line = (event: string, step: string, more: object) =>
    void stream.write(`${printableJson({ schema: 1, event, step, ...more })}\n`);
  return {
    step(id, title) {
      const startedAt = now();
      let percent = -1;
      const seconds = () => ({ seconds: Math.round(now() - startedAt) / 1000 });
      line('started', id, { title });
      return {
        advance(doneBytes, totalBytes) {
          const next = Math.floor((doneBytes / Math.max(1, totalBytes)) * 100);
          if (next > percent) {
            percent = next;
            line('progress', id, { percent, doneBytes, totalBytes });
          }
        },
        done: (note) => line('done', id, { ...seconds(), ...(note === undefined ? {} : { note }) }),
        failed: () => line('failed', id, seconds()),
      };
    },
  };
}
