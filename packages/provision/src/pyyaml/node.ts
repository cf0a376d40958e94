import type { Mark } from './yaml-error.ts';

/** The prefix of tags that YAML itself defines. */
export const YAML_TAG = 'tag:yaml.org,2002:';

/** A text and the tag that gives its type. */
export interface ScalarNode {
  readonly kind: 'scalar';
  /** Changes for the key `=`, which turns out to be text. */
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
  /** As written; merge keys are processed when values are constructed. */
  pairs: Pair[];
}

export interface Pair {
  readonly key: Node;
  readonly value: Node;
}

/**
 * The node graph of a text. An alias is the node it refers to, so nodes may be shared and may
 * contain themselves.
 */
export type Node = ScalarNode | SequenceNode | MappingNode;
