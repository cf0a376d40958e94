import type { KeyPath } from '@micro-linux/provision';
import { splitKernelArguments } from '../kernel-arguments.ts';
import { keyInfo } from '../key-info.ts';
import type { Origin, Origins } from '../origin.ts';
import { isGroup } from '../override.ts';

type Group = Record<string, unknown>;

/** Keys as a file has them, and where each of them is. */
export interface Layer {
  readonly value: Group;
  readonly origins: Origins;
}

/** A group of keys that goes over others: a whole file, or one of its variants. */
export interface Overlay extends Layer {
  /** Where `value` is in its file: `[]`, or `['variants', NAME]`. */
  readonly at: KeyPath;
  /** The variant that it belongs to. */
  readonly variant?: string;
}

/**
 * Lays keys over those of `target`, which it changes: groups are merged, lists are added to, other
 * values replace. `{replace: …}` in the place of a list or a group replaces it as a whole.
 */
export function mergeLayer(target: Layer, overlay: Overlay): void {
  mergeGroup(target.value, overlay.value, []);

  function mergeGroup(into: Group, group: Group, path: KeyPath): void {
    for (const [key, value] of Object.entries(group)) {
      mergeKey(into, key, { value, path: [...path, key] });
    }
  }

  function mergeKey(into: Group, key: string, given: { value: unknown; path: KeyPath }): void {
    const { value, path } = given;
    const before = Object.hasOwn(into, key) ? into[key] : undefined;
    const replacement = replacementOf(value, path);
    if (replacement !== undefined) {
      set(into, key, replacement);
      target.origins.delete(path);
      copyOrigin(path, path);
      copyOrigins(replacement, [...path, 'replace'], path);
      return;
    }
    const lists = bothLists(before, value, path);
    if (lists) {
      set(into, key, lists.flat());
      lists[1].forEach((item, index) => {
        copyOrigins(item, Array.isArray(value) ? [...path, index] : path, [
          ...path,
          lists[0].length + index,
        ]);
      });
      return;
    }
    if (isGroup(value) && key === 'mirror' && typeof before === 'string') {
      // A mirror as one text is shorthand for {archive: text}.
      const archive: Group = { archive: before };
      set(into, key, archive);
      mergeGroup(archive, value, path);
      return;
    }
    if (isGroup(value) && isGroup(before)) {
      mergeGroup(before, value, path);
      return;
    }
    target.origins.delete(path);
    if (!isGroup(value)) {
      set(into, key, value);
      copyOrigins(value, path, path);
      return;
    }
    // Key by key, because `{replace: …}` may be anywhere below.
    const made: Group = {};
    set(into, key, made);
    copyOrigin(path, path);
    mergeGroup(made, value, path);
  }

  /** Copies the positions of a value and everything in it. */
  function copyOrigins(value: unknown, from: KeyPath, to: KeyPath): void {
    copyOrigin(from, to);
    const children = Array.isArray(value)
      ? value.entries()
      : isGroup(value)
        ? Object.entries(value)
        : [];
    for (const [part, child] of children) {
      copyOrigins(child, [...from, part], [...to, part]);
    }
  }

  function copyOrigin(from: KeyPath, to: KeyPath): void {
    target.origins.copy(overlay.origins, [...overlay.at, ...from], { to, mark });
  }

  function mark(origin: Origin): Origin {
    return overlay.variant === undefined || origin.kind !== 'file'
      ? origin
      : { ...origin, variant: overlay.variant };
  }
}

/** What `{replace: …}` replaces a key with; undefined: the value is something else. */
function replacementOf(value: unknown, path: KeyPath): unknown {
  if (!isGroup(value) || Object.keys(value).join() !== 'replace') {
    return undefined;
  }
  const { replace } = value;
  const choices = choicesOf(path);
  const isList = Array.isArray(replace) && choices.some(({ type }) => type === 'array');
  const isGroupOfKeys =
    isGroup(replace) &&
    choices.some(({ properties }) => properties && !Object.hasOwn(properties, 'replace'));
  return isList || isGroupOfKeys ? replace : undefined;
}

/** Both values as lists, if the key is a list. */
function bothLists(
  before: unknown,
  value: unknown,
  path: KeyPath,
): readonly [unknown[], unknown[]] | undefined {
  if (before === undefined || !choicesOf(path).some(({ type }) => type === 'array')) {
    return undefined;
  }
  const [one, other] = [asList(before, path), asList(value, path)];
  return one && other ? [one, other] : undefined;
}

function asList(value: unknown, path: KeyPath): unknown[] | undefined {
  if (typeof value === 'string') {
    return path.join('.') === 'kernel.arguments' ? [...splitKernelArguments(value)] : [value];
  }
  return Array.isArray(value) ? value : undefined;
}

function choicesOf(path: KeyPath) {
  const info = keyInfo(path);
  return info === undefined ? [] : (info.anyOf ?? [info]);
}

/** Unlike an assignment, this also makes a key `__proto__`, which the schema then refuses. */
function set(group: Group, key: string, value: unknown): void {
  Object.defineProperty(group, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
