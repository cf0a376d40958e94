/**
 * Whether a text fits a pattern of fnmatch(3): `*`, `?` and `[…]`, nothing more, case counts. As
 * Subiquity matches disks; globs for paths would stop `*` at a slash, which names of models may hold.
 */
export function fits(pattern: string, text: string): boolean {
  const source = pattern.replaceAll(
    /\[(!?)([^\]]+)\]|[\\^$.|+(){}[\]*?]/g,
    (found, not: string | undefined, set: string | undefined) => {
      if (set !== undefined) {
        return `[${not ? '^' : ''}${set.replaceAll(/[\\^[]/g, '\\$&')}]`;
      }
      return { '*': '.*', '?': '.' }[found] ?? `\\${found}`;
    },
  );
  return new RegExp(`^${source}$`, 's').test(text);
}
