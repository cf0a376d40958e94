import type { KeyPath } from '@micro-linux/provision';
import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit as visitAll,
} from 'yaml';
import type { Finding } from './findings.ts';
import { type Origin, Origins } from './origin.ts';
import {
  type SyntaxFault,
  type SyntaxFinding,
  syntaxFault,
  syntaxProblem,
} from './syntax-fault.ts';

/** How a file is read. */
export interface YamlOptions {
  /** Paths at and below which not even keys are shown. */
  readonly isSecret: (path: KeyPath) => boolean;
}

/** A YAML file as plain values, with their positions. */
export interface YamlDocument {
  /** `{}` for a file with only comments or a syntax error. */
  readonly value: unknown;
  readonly origins: Origins;
  /** Keys that are written twice. */
  readonly findings: readonly Finding[];
  /** Why the file cannot be read; empty if it can. */
  readonly syntax: readonly SyntaxFinding[];
}

/**
 * Reads YAML 1.2 without aliases. Errors never quote the text, which may be a password.
 *
 * @param file its name for messages.
 */
export function parseYaml(text: string, file: string, options: YamlOptions): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    lineCounter: lines,
    // Pretty errors quote the line.
    prettyErrors: false,
    // Found below instead, so that they are reported with everything else.
    uniqueKeys: false,
    stringKeys: true,
  });
  const originAt = (offset: number): Origin => {
    const { line, col } = lines.linePos(offset);
    return { kind: 'file', file, line, column: col };
  };
  const origins = new Origins();
  const findings: Finding[] = [];
  origins.set([], originAt(document.contents?.range?.[0] ?? 0));
  const unread = (syntax: readonly SyntaxFinding[]) => ({ value: {}, origins, findings, syntax });
  const syntaxFinding = (offset: number, fault: SyntaxFault): SyntaxFinding => ({
    ...lines.linePos(offset),
    fault,
    problem: syntaxProblem(fault),
  });

  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    return unread(errors.map(({ code, pos }) => syntaxFinding(pos[0], syntaxFault(code))));
  }
  const aliases: number[] = [];
  visitAll(document, {
    Alias: (_, alias) => {
      aliases.push(alias.range?.[0] ?? 0);
    },
  });
  if (aliases.length > 0) {
    return unread(aliases.map((offset) => syntaxFinding(offset, 'alias')));
  }
  const value: unknown = document.toJS() ?? {};
  visit(document.contents, []);
  return { value, origins, findings, syntax: [] };

  function visit(node: Node | null, path: KeyPath): void {
    if (isSeq<Node | null>(node)) {
      node.items.forEach((item, index) => {
        place(item, [...path, index]);
      });
    }
    if (!isMap<Node, Node | null>(node) || options.isSecret(path)) {
      return;
    }
    const firstLines = new Map<string, number>();
    for (const { key, value: child } of node.items) {
      if (!isScalar(key)) {
        continue;
      }
      const name = String(key.value);
      const childPath = [...path, name];
      const origin = originAt(key.range?.[0] ?? 0);
      const firstLine = firstLines.get(name);
      if (firstLine !== undefined) {
        findings.push({
          path: childPath,
          origin,
          problem: `is written twice, first in line ${firstLine}`,
          fix: 'keep one of the two',
        });
      }
      firstLines.set(name, lines.linePos(key.range?.[0] ?? 0).line);
      origins.delete(childPath);
      origins.set(childPath, origin);
      origins.setKey(childPath, origin);
      if (isScalar(child) && child.value !== null) {
        place(child, childPath);
      } else {
        visit(child, childPath);
      }
    }
  }

  function place(node: Node | null, path: KeyPath): void {
    if (node?.range) {
      origins.set(path, originAt(node.range[0]));
    }
    visit(node, path);
  }
}
