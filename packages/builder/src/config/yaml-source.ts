import { ExitCode, MicroLinuxError } from '@micro-linux/core';
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
import { isSecretPath, type KeyPath } from './key-path.ts';
import { type Origin, Origins } from './origin.ts';

/** A file of one page needs no aliases, and a password that begins with * is one by mistake. */
const ALIAS_PROBLEM = '* begins an alias, which is not taken here';

/** A config file as plain values, and where each stands. */
export interface YamlSource {
  /** `{}` for a file of comments alone. */
  readonly value: unknown;
  readonly origins: Origins;
  /** Keys that are written twice. */
  readonly findings: readonly Finding[];
}

/**
 * Reads YAML 1.2.
 *
 * @param file its name for messages.
 * @throws MicroLinuxError `config-syntax`, with every syntax error's line and column.
 */
export function readYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    // Pretty errors quote the line, which may hold a password.
    prettyErrors: false,
    // Found below instead, so that they are told together with everything else.
    uniqueKeys: false,
    stringKeys: true,
  });
  const originAt = (offset: number): Origin => {
    const { line, col } = lines.linePos(offset);
    return { kind: 'file', file, line, column: col };
  };
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    throw configSyntax(
      file,
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
    throw configSyntax(
      file,
      aliases.map((offset) => ({ ...lines.linePos(offset), problem: ALIAS_PROBLEM })),
    );
  }
  const value: unknown = document.toJS() ?? {};

  const origins = new Origins();
  const findings: Finding[] = [];
  origins.set([], originAt(document.contents?.range?.[0] ?? 0));
  visit(document.contents, []);
  return { value, origins, findings };

  function visit(node: Node | null, path: KeyPath): void {
    if (isSeq<Node | null>(node)) {
      node.items.forEach((item, index) => {
        place(item, [...path, index]);
      });
    }
    if (!isMap<Node, Node | null>(node) || isSecretPath(path)) {
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

interface SyntaxFinding {
  readonly line: number;
  readonly col: number;
  readonly problem: string;
}

/** The error for a file that cannot be read as YAML. */
export function configSyntax(file: string, findings: readonly SyntaxFinding[]): MicroLinuxError {
  const lines = findings.map(({ line, col, problem }) => `${file}:${line}:${col}: ${problem}`);
  return new MicroLinuxError({
    code: 'config-syntax',
    message: lines.length === 1 ? lines.join() : `${file} is not valid YAML`,
    why: lines.length === 1 ? undefined : lines.join('\n'),
    hint: 'put text with special characters (: # * & ! @ %) in single quotes; indent with spaces, the same under one key',
    exitCode: ExitCode.usage,
    details: { file, line: findings[0]?.line ?? 1, column: findings[0]?.col ?? 1 },
  });
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
