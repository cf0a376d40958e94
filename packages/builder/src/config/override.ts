import type { KeyPath } from '@micro-linux/provision';
import { splitKernelArguments } from './kernel-arguments.ts';
import type { Origin, Origins } from './origin.ts';

/** A value given outside the config file. */
export interface Override {
  readonly path: readonly string[];
  /** In the form that the file uses. */
  readonly value: unknown;
  readonly origin: Origin;
  /** Whether a list replaces the previous one or adds to it; all other values replace. */
  readonly how: 'replace' | 'append';
}

type Group = Record<string, unknown>;

/** Sets the value in `root` and its origin. A group the file has as something else stays as it is. */
export function applyOverride(root: Group, origins: Origins, override: Override): void {
  const { path, value, origin, how } = override;
  const last = path.at(-1);
  const group = groupAt(root, origins, path.slice(0, -1), origin);
  if (last === undefined || group === undefined) {
    return;
  }
  const before = group[last];
  if (how === 'append' && before !== undefined && Array.isArray(value)) {
    const list = typeof before === 'string' ? splitKernelArguments(before) : before;
    if (Array.isArray(list)) {
      group[last] = [...list, ...value];
      value.forEach((_, index) => {
        origins.set([...path, list.length + index], origin);
      });
    }
    return;
  }
  group[last] = value;
  origins.delete(path);
  origins.set(path, origin);
}

/** Removes a value and its origin. */
export function removeKey(root: Group, origins: Origins, path: readonly [string, string]): void {
  const group = root[path[0]];
  if (isGroup(group)) {
    delete group[path[1]];
    origins.delete(path);
  }
}

/** Whether a value is a group of keys. */
export function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function groupAt(root: Group, origins: Origins, path: KeyPath, origin: Origin): Group | undefined {
  let group = root;
  for (const [index, part] of path.entries()) {
    const key = String(part);
    const next = group[key];
    if (next === undefined) {
      const made: Group = {};
      group[key] = made;
      origins.set(path.slice(0, index + 1), origin);
      group = made;
    } else if (key === 'mirror' && typeof next === 'string') {
      // A mirror as one text is shorthand for {archive: text}.
      const made: Group = { archive: next };
      group[key] = made;
      group = made;
    } else if (isGroup(next)) {
      group = next;
    } else {
      return undefined;
    }
  }
  return group;
}
