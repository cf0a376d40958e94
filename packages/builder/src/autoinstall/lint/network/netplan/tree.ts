import type { PyValue } from '@micro-linux/provision';

/**
 * A network as netplan sees it: Subiquity reads and writes it with PyYAML, and netplan reads every
 * value as a string.
 */
export type Tree = string | readonly Tree[] | TreeGroup;

export interface TreeGroup {
  readonly [key: string]: Tree;
}

export function isTreeGroup(tree: Tree | undefined): tree is TreeGroup {
  return typeof tree === 'object' && !Array.isArray(tree);
}

export function isTreeList(tree: Tree | undefined): tree is readonly Tree[] {
  return Array.isArray(tree);
}

/** A group in a group; an empty one by default. */
export function treeGroupIn(tree: Tree | undefined, key: string): TreeGroup {
  const value = isTreeGroup(tree) && Object.hasOwn(tree, key) ? tree[key] : undefined;
  return isTreeGroup(value) ? value : {};
}

/** A list in a group; an empty one by default. */
export function treeListIn(tree: Tree | undefined, key: string): readonly Tree[] {
  const value = isTreeGroup(tree) && Object.hasOwn(tree, key) ? tree[key] : undefined;
  return isTreeList(value) ? value : [];
}

/** A text in a group, if there is one. */
export function treeTextIn(tree: Tree | undefined, key: string): string | undefined {
  const value = isTreeGroup(tree) && Object.hasOwn(tree, key) ? tree[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/**
 * The tree of a value. Its groups are sorted by key, as PyYAML writes them.
 *
 * @param value one that {@link plainValue} accepted, so it does not contain itself.
 */
export function netplanTree(value: PyValue): Tree {
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  switch (value.type) {
    case 'int':
      return String(value.value);
    case 'float':
      return floatText(value.value);
    case 'timestamp':
      return value.text.replace('T', ' ');
    case 'bytes':
      return Buffer.from(value.value).toString('base64');
    case 'list':
      return value.items.map(netplanTree);
    case 'set':
      return sorted([...value.entries.values()].map((key) => [netplanTree(key), 'null']));
    case 'dict':
      return sorted(
        [...value.entries.values()].map(({ key, value: one }) => [
          netplanTree(key),
          netplanTree(one),
        ]),
      );
  }
}

function sorted(entries: readonly (readonly [Tree, Tree])[]): TreeGroup {
  return Object.fromEntries(
    entries
      .map(([key, value]) => [String(key), value] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function floatText(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? '.nan' : `${value < 0 ? '-' : ''}.inf`;
  }
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}
