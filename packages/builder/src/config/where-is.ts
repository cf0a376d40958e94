import type { KeyPath } from '@micro-linux/provision';
import { formatOrigin, type Origins } from './origin.ts';

/**
 * Where a value of the configuration was set, as the beginning of a message:
 * `micro-linux.yaml:3:7`, `flag --add-package`; undefined: nowhere, it is a default.
 *
 * @param entry of a list: the text of the entry that is meant, as it was written. Undefined if the
 *   list lacks it.
 */
export type WhereIs = (path: KeyPath, entry?: string) => string | undefined;

/** A key as the beginning of a message, with the place where it was set: `micro-linux.yaml:3:7: hooks`. */
export function placed(where: string | undefined, key: string): string {
  return where === undefined ? key : `${where}: ${key}`;
}

/** For a configuration that was not loaded from anywhere. */
export const nowhere: WhereIs = () => undefined;

/** Looks places up in a configuration as it was read, with its origins. */
export function whereIn(value: unknown, origins: Origins): WhereIs {
  return (path, entry) => {
    const set = valueAt(value, path);
    const index = entry === undefined ? undefined : indexOf(set, entry);
    return set === undefined || index === -1
      ? undefined
      : formatOrigin(origins.of(index === undefined ? path : [...path, index]));
  };
}

/** The value at a path; undefined if there is none. */
export function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, part)
        ? Reflect.get(inner, part)
        : undefined,
    value,
  );
}

function indexOf(list: unknown, entry: string): number {
  return Array.isArray(list) ? list.indexOf(entry) : -1;
}
