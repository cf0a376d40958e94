import type { KeyPath } from '@micro-linux/provision';
import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit as visitAll,
  type YAMLError,
} from 'yaml';
import type { Finding } from './findings.ts';
import { type Origin, Origins } from './origin.ts';

/** A file of one page needs no aliases, and a password that begins with * is one by mistake. */
const ALIAS_PROBLEM = '* begins an alias, which is not taken here';

/** How a file is read. */
export interface YamlOptions {
  /** Paths at and below which not even keys are told. */
  readonly isSecret: (path: KeyPath) => boolean;
}

/** One place where a text is no YAML. */
export interface SyntaxFinding {
  readonly line: number;
  readonly col: number;
  readonly problem: string;
}

/** A YAML file as plain values, and where each stands. */
export interface YamlDocument {
  /** `{}` for a file of comments alone, and where the syntax is wrong. */
  readonly value: unknown;
  readonly origins: Origins;
  /** Keys that are written twice. */
  readonly findings: readonly Finding[];
  /** Why the file cannot be read; empty if it can. */
  readonly syntax: readonly SyntaxFinding[];
}

/**
 * Reads YAML 1.2 without aliases. What is wrong never quotes the text: it may be a password.
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
    // Found below instead, so that they are told together with everything else.
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

  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    return unread(
      errors.map((error) => ({ ...lines.linePos(error.pos[0]), problem: syntaxProblem(error) })),
    );
  }
  const aliases: number[] = [];
  visitAll(document, {
    Alias: (_, alias) => {
      aliases.push(alias.range?.[0] ?? 0);
    },
  });
  if (aliases.length > 0) {
    return unread(aliases.map((offset) => ({ ...lines.linePos(offset), problem: ALIAS_PROBLEM })));
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

/** The yaml library's own messages quote the text, which may be a password: say it in our words. */
function syntaxProblem(error: YAMLError): string {
  switch (error.code) {
    case 'ALIAS_PROPS':
    case 'BAD_ALIAS':
      return ALIAS_PROBLEM;
    case 'BAD_INDENT':
      return 'the indentation is wrong, or a bracket is left open';
    case 'TAB_AS_INDENT':
      return 'a tab is used as indentation';
    case 'BAD_DQ_ESCAPE':
      return 'unknown escape (\\) in double quotes';
    case 'BAD_SCALAR_START':
      return 'a value cannot begin with this character unless it is in quotes';
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'BLOCK_IN_FLOW':
    case 'MULTILINE_IMPLICIT_KEY':
      return 'a key and its group do not fit together here; is a quote or bracket left open?';
    case 'KEY_OVER_1024_CHARS':
      return 'a key is too long';
    case 'MISSING_CHAR':
      return 'a quote, bracket, comma or space is missing';
    case 'MULTIPLE_DOCS':
      return 'a second document (---) begins; only one is read';
    case 'NON_STRING_KEY':
      return 'a key must be plain text';
    case 'BAD_COLLECTION_TYPE':
    case 'MULTIPLE_TAGS':
    case 'TAG_RESOLVE_FAILED':
      return '! begins a tag here, and this one is not known';
    default:
      return 'this is not valid YAML';
  }
}
