import { jsonProgress } from './json-progress.ts';
import { plainProgress } from './plain-progress.ts';
import { NO_PROGRESS, type Progress, type ProgressEdge, type ProgressMode } from './progress.ts';

/** Creates the selected progress; loads the bar's library only for a bar. */
export async function createProgress(
  mode: Exclude<ProgressMode, 'auto'>,
  edge: ProgressEdge,
): Promise<Progress> {
  switch (mode) {
    case 'none':
      return NO_PROGRESS;
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
