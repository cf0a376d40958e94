import { composeYaml } from './compose.ts';
import { constructYaml } from './construct.ts';
import { type DuplicateKey, duplicateKeys } from './duplicate-keys.ts';
import type { Node } from './node.ts';
import type { PyValue } from './value.ts';

/** A text as PyYAML reads it. */
export interface LoadedYaml {
  /** Includes what `<<` adds. Undefined if the text has only comments. */
  readonly node: Node | undefined;
  readonly value: PyValue;
  /** Duplicate keys; PyYAML silently uses the last one. */
  readonly duplicates: readonly DuplicateKey[];
}

/**
 * Reads a text as `yaml.safe_load` of PyYAML 6 does: YAML 1.1, with PyYAML's own limits.
 * cloud-init, Subiquity and curtin read their files with it.
 *
 * @throws YamlError where PyYAML raises an error. The error never quotes the text.
 */
export function loadYaml(text: string): LoadedYaml {
  const node = composeYaml(text);
  // Before `<<` adds keys to groups.
  const duplicates = duplicateKeys(node);
  return { node, value: node === undefined ? null : constructYaml(node), duplicates };
}
