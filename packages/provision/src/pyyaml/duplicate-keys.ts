import type { KeyPath } from '../values/key-path.ts';
import { type Node, YAML_TAG } from './node.ts';
import type { Mark } from './yaml-error.ts';

/** A duplicate key of a group; PyYAML silently uses the last one. */
export interface DuplicateKey {
  readonly path: KeyPath;
  readonly mark: Mark;
  readonly firstMark: Mark;
}

/** Duplicate keys in a group; those added by `<<` do not count. */
export function duplicateKeys(root: Node | undefined): readonly DuplicateKey[] {
  const found: DuplicateKey[] = [];
  const seen = new Set<Node>();
  const visit = (node: Node, path: KeyPath) => {
    if (seen.has(node)) {
      return;
    }
    seen.add(node);
    if (node.kind === 'sequence') {
      node.items.forEach((item, index) => {
        visit(item, [...path, index]);
      });
    }
    if (node.kind === 'mapping') {
      const firsts = new Map<string, Mark>();
      for (const { key, value } of node.pairs) {
        if (key.kind !== 'scalar' || key.tag === `${YAML_TAG}merge`) {
          continue;
        }
        const keyPath = [...path, key.value];
        const identity = `${key.tag} ${key.value}`;
        const firstMark = firsts.get(identity);
        if (firstMark) {
          found.push({ path: keyPath, mark: key.mark, firstMark });
        } else {
          firsts.set(identity, key.mark);
        }
        visit(value, keyPath);
      }
    }
  };
  if (root) {
    visit(root, []);
  }
  return found;
}
