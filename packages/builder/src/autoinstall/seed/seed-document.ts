import {
  EndlessValue,
  type KeyPath,
  keyTextOf,
  loadYaml,
  type PyValue,
  plainValue,
  YamlError,
  type YamlNode,
} from '@micro-linux/provision';
import type { Finding } from '../../config/findings.ts';
import { type Origin, Origins } from '../../config/origin.ts';
import type { SyntaxFinding } from '../../config/syntax-fault.ts';
import { isSecretSeedPath } from './secret-path.ts';

/** A seed's YAML as PyYAML reads it, and the position of each value. */
export interface SeedDocument {
  /** As plain values; `{}` for a file with only comments or a syntax error. */
  readonly value: unknown;
  /** With the types that Python distinguishes. */
  readonly exact: PyValue;
  readonly origins: Origins;
  /** Keys that are written twice. */
  readonly findings: readonly Finding[];
  /** Why the file cannot be read; undefined if it can. */
  readonly syntax: Omit<SyntaxFinding, 'fault'> | undefined;
}

/**
 * Reads the YAML of a seed. Errors never quote the text, which may be a password.
 *
 * @param file its name for messages.
 */
export function readSeedDocument(text: string, file: string): SeedDocument {
  const origins = new Origins();
  const originAt = ({ line, column }: YamlNode['mark']): Origin => ({
    kind: 'file',
    file,
    line: line + 1,
    column: column + 1,
  });
  try {
    const { node, value, duplicates } = loadYaml(text);
    const plain = plainValue(value) ?? {};
    if (node) {
      origins.set([], originAt(node.mark));
      place(node, [], originAt, origins);
    }
    const findings = duplicates
      .filter(({ path }) => !isSecretSeedPath(path.slice(0, -1)))
      .map(({ path, mark, firstMark }) => ({
        path,
        origin: originAt(mark),
        problem: `is written twice, first in line ${firstMark.line + 1}`,
        fix: 'keep one of the two',
      }));
    return { value: plain, exact: value, origins, findings, syntax: undefined };
  } catch (error) {
    const unread = (line: number, col: number, problem: string): SeedDocument => ({
      value: {},
      exact: null,
      origins,
      findings: [],
      syntax: { line, col, problem },
    });
    if (error instanceof YamlError) {
      return unread(error.line, error.column, error.message);
    }
    if (error instanceof EndlessValue) {
      return unread(1, 1, 'its aliases (*) never end');
    }
    throw error;
  }
}

/** The position of a node, as an origin. */
type Locate = (mark: YamlNode['mark']) => Origin;

/**
 * Records the positions of the values below a node: texts where they begin, groups and empty values where
 * their key begins. Of duplicate keys, the last counts.
 */
function place(node: YamlNode, path: KeyPath, locate: Locate, origins: Origins): void {
  if (node.kind === 'sequence') {
    node.items.forEach((item, index) => {
      origins.set([...path, index], locate(item.mark));
      place(item, [...path, index], locate, origins);
    });
  }
  if (node.kind !== 'mapping' || isSecretSeedPath(path)) {
    return;
  }
  for (const { key, value } of node.pairs) {
    const childPath = [...path, keyTextOf(key)];
    const isText = value.kind === 'scalar' && value.value !== '';
    origins.set(childPath, locate(isText ? value.mark : key.mark));
    origins.setKey(childPath, locate(key.mark));
    place(value, childPath, locate, origins);
  }
}
