/** A mapping of a parsed file. */
export type Group = Readonly<Record<string, unknown>>;

/** Whether a value is a mapping; the dates and sets of YAML 1.1 are not. */
export function isGroup(value: unknown): value is Group {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** A value of a mapping by its own key; undefined for anything else. */
export function valueIn(group: unknown, key: string): unknown {
  return isGroup(group) && Object.hasOwn(group, key) ? group[key] : undefined;
}

/** A mapping in a mapping; empty if it is missing. */
export function groupIn(group: unknown, key: string): Group {
  const value = valueIn(group, key);
  return isGroup(value) ? value : {};
}

/** A list in a mapping; empty if it is missing. */
export function listIn(group: unknown, key: string): readonly unknown[] {
  const value = valueIn(group, key);
  return Array.isArray(value) ? value : [];
}

/** A text in a mapping; undefined if it is missing. */
export function textIn(group: unknown, key: string): string | undefined {
  const value = valueIn(group, key);
  return typeof value === 'string' ? value : undefined;
}
