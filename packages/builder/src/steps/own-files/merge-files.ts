import { posix } from 'node:path';
import { withoutMergedLinks } from '../../config/files.ts';
import type { FileProblem } from './problem-list.ts';

/** A file before its owner is known. */
export interface SourceFile {
  readonly kind: 'file' | 'directory' | 'link';
  readonly path: string;
  /** For messages. */
  readonly from: string;
  readonly where?: string | undefined;
}

/** Files by path; a later one of the same path wins. */
export interface MergedFiles<File extends SourceFile> {
  readonly files: readonly File[];
  readonly problems: readonly FileProblem[];
}

/**
 * Lays files over each other. Moves what is below a link of the merged /usr to where that leads.
 * Refuses a file in the place of a directory, and a file below a link.
 */
export function mergeFiles<File extends SourceFile & { readonly target?: string }>(
  all: readonly File[],
): MergedFiles<File> {
  const merged = new Map<string, File>();
  const problems: FileProblem[] = [];
  for (const file of all) {
    const path = withoutMergedLinks(file.path);
    if (path !== file.path && file.kind === 'link' && posix.dirname(file.path) === '/') {
      // The folder has the link of the merged /usr itself.
      if (posix.resolve('/', file.target ?? '') !== path) {
        problems.push(problem(file, `would replace ${file.path}, a link to ${path.slice(1)}`));
      }
      continue;
    }
    const before = merged.get(path);
    if (before && (before.kind === 'directory') !== (file.kind === 'directory')) {
      problems.push(
        problem(file, `is ${KINDS[file.kind]}, and ${before.from} is ${KINDS[before.kind]}`),
      );
    } else {
      merged.set(path, { ...file, path });
    }
  }
  for (const file of merged.values()) {
    for (let above = posix.dirname(file.path); above !== '/'; above = posix.dirname(above)) {
      const other = merged.get(above);
      if (other && other.kind !== 'directory') {
        problems.push(problem(file, `is below ${other.from}, which is ${KINDS[other.kind]}`));
        break;
      }
    }
  }
  return { files: [...merged.values()], problems };
}

const KINDS = { file: 'a file', directory: 'a directory', link: 'a link' } as const;

function problem({ from, where }: SourceFile, what: string): FileProblem {
  return { where, what: `${from} ${what}`, fix: 'rename or delete one of them' };
}
