import { composeYaml } from './compose.ts';
import { constructYaml } from './construct.ts';
import { type DuplicateKey, duplicateKeys } from './duplicate-keys.ts';
import type { Node } from './node.ts';
import type { PyValue } from './value.ts';

/** A text as PyYAML reads it. */
export interface LoadedYaml {
  /** Undefined for a text of comments alone. What `<<` brings is in it. */
  readonly node: Node | undefined;
  readonly value: PyValue;
  /** Keys that are written twice: PyYAML takes the last in silence. */
  readonly duplicates: readonly DuplicateKey[];
}

/**
 * Reads a text as `yaml.safe_load` of PyYAML 6 does: YAML 1.1, with that program's own limits.
 * cloud-init, Subiquity and curtin read their files with it.
 *
 * @throws YamlError where it raises an error; that never quotes the text.
 */
export function loadYaml(text: string): LoadedYaml {
  const node = composeYaml(text);
  // Before `<<` is carried out, which adds keys to groups.
  const duplicates = duplicateKeys(node);
  return { node, value: node === undefined ? null : constructYaml(node), duplicates };
}
