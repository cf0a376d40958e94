/** A user's range of subordinate ids: one line of /etc/subuid or /etc/subgid. */
export interface SubIdRange {
  /** Login name or numeric id. */
  readonly owner: string;
  readonly start: number;
  readonly count: number;
}

/** An image uses ids up to 65535, so a user needs this many. */
export const SUB_IDS_NEEDED = 65_536;

const FIRST_START = 100_000;

/** Parses /etc/subuid or /etc/subgid; other lines are ignored. */
export function parseSubIds(text: string): SubIdRange[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([^:#]+):(\d+):(\d+)\s*$/.exec(line);
    return match
      ? [{ owner: match[1] ?? '', start: Number(match[2]), count: Number(match[3]) }]
      : [];
  });
}

/** The size of the user's largest range; 0 if there is none. */
export function largestRange(
  ranges: readonly SubIdRange[],
  user: { readonly name: string; readonly uid: number },
): number {
  const own = ranges.filter(({ owner }) => owner === user.name || owner === String(user.uid));
  return Math.max(0, ...own.map(({ count }) => count));
}

/** The start of a range of {@link SUB_IDS_NEEDED} ids that overlaps none of the given ranges. */
export function freeRangeStart(ranges: readonly SubIdRange[]): number {
  let start = FIRST_START;
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const overlaps = range.start < start + SUB_IDS_NEEDED && range.start + range.count > start;
    if (overlaps) {
      start = range.start + range.count;
    }
  }
  return start;
}
