import type { Mark } from './yaml-error.ts';

/** Tags begin with this, where YAML itself defines them. */
export const YAML_TAG = 'tag:yaml.org,2002:';

/** A text with the tag that says what it stands for. */
export interface ScalarNode {
  readonly kind: 'scalar';
  /** Changes for the key `=`, which is text after all. */
  tag: string;
  readonly mark: Mark;
  readonly value: string;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly tag: string;
  readonly mark: Mark;
  readonly items: Node[];
}

export interface MappingNode {
  readonly kind: 'mapping';
  readonly tag: string;
  readonly mark: Mark;
  /** As written; merge keys are carried out when values are made of it. */
  pairs: Pair[];
}

export interface Pair {
  readonly key: Node;
  readonly value: Node;
}

/** What a text is made of. An alias is the node it names: nodes may be shared, and hold themselves. */
export type Node = ScalarNode | SequenceNode | MappingNode;
