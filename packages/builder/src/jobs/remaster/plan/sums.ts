/** What changes in a medium's md5sum.txt. */
export interface SumChanges {
  /** MD5 in hex of every new or changed file, by absolute path. */
  readonly sums: ReadonlyMap<string, string>;
  /** Whether a line of the source is left out: its file is gone, or its sum is unknown. */
  readonly isDropped: (path: string) => boolean;
}

const LINE = /^[0-9a-f]{32} [ *]\.(\/.*)$/;

/**
 * Rewrites md5sum.txt: changed files get their new sum in place, new ones are appended by name, the
 * others stay unchanged.
 */
export function rewriteSums(text: string, { sums, isDropped }: SumChanges): string {
  const known = new Set<string>();
  const kept = text.split('\n').flatMap((line) => {
    const path = LINE.exec(line)?.[1];
    if (path === undefined) {
      return line === '' ? [] : [line];
    }
    const sum = sums.get(path);
    known.add(path);
    return isDropped(path) ? [] : [sum === undefined ? line : sumLine(path, sum)];
  });
  const added = [...sums]
    .filter(([path]) => !known.has(path) && !isDropped(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, sum]) => sumLine(path, sum));
  return `${[...kept, ...added].join('\n')}\n`;
}

function sumLine(path: string, sum: string): string {
  return `${sum}  .${path}`;
}
