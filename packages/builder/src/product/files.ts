import type { Contribution } from './contribution.ts';
import type { ImageFile, ImageFiles } from './image-file.ts';

/** `inspect` shows so many paths; build.json is no list of a whole application. */
const SHOWN = 40;

/** What `inspect` shows of `overlay`, `files` and `initial`. */
export function filesSummary({ slot, initial }: ImageFiles): Required<Contribution>['summary'] {
  return {
    ...(slot.length > 0 && { files: paths(slot) }),
    ...(initial.length > 0 && { initial: paths(initial) }),
  };
}

function paths(entries: readonly ImageFile[]): readonly string[] {
  const shown = entries
    .filter(({ kind }) => kind !== 'directory')
    .map(({ path, owner }) => (owner === undefined ? path : `${path} (${owner})`))
    .sort();
  return shown.length > SHOWN
    ? [...shown.slice(0, SHOWN), `and ${shown.length - SHOWN} more`]
    : shown;
}
