import { jsonProgress } from './json-progress.ts';
import { plainProgress } from './plain-progress.ts';
import type { Progress, ProgressEdge, ProgressMode } from './progress.ts';

const NONE: Progress = {
  step: () => ({ advance: () => undefined, done: () => undefined, failed: () => undefined }),
};

/** The progress that was asked for; the bar's library is loaded only where it is. */
export async function createProgress(
  mode: Exclude<ProgressMode, 'auto'>,
  edge: ProgressEdge,
): Promise<Progress> {
  switch (mode) {
    case 'none':
      return NONE;
    case 'json':
      return jsonProgress(edge);
    case 'plain':
      return plainProgress(edge);
    case 'bar': {
      const { barProgress } = await import('./bar-progress.ts');
      return barProgress(edge);
    }
  }
}
