import type { YAMLError } from 'yaml';

/** A YAML syntax error. */
export interface SyntaxFinding {
  readonly line: number;
  readonly col: number;
  readonly fault: SyntaxFault;
  /** {@link syntaxProblem}. */
  readonly problem: string;
}

/**
 * YAML syntax errors in our words, with their fixes. The yaml library's own messages quote
 * the text, which may be a password.
 */
const FAULTS = {
  // A file of one page needs no aliases, and a password that begins with * is one by mistake.
  alias: {
    problem: '* begins an alias, which is not supported here',
    hint: 'put text that begins with * in single quotes',
  },
  indentation: {
    problem: 'the indentation is wrong, or a bracket is left open',
    hint: 'close each quote and bracket, and indent all keys of one group by the same spaces',
  },
  tab: {
    problem: 'a tab is used as indentation',
    hint: 'indent with spaces: replace the tab',
  },
  escape: {
    problem: 'unknown escape (\\) in double quotes',
    hint: 'use single quotes, in which \\ is a character like any other',
  },
  start: {
    problem: 'a value cannot begin with this character unless it is in quotes',
    hint: 'put the value in single quotes',
  },
  group: {
    problem: 'a key and its group do not fit together here; is a quote or bracket left open?',
    hint: 'close each quote and bracket, and indent all keys of one group by the same spaces',
  },
  length: {
    problem: 'a key is too long',
    hint: 'is a colon missing behind a key?',
  },
  missing: {
    problem: 'a quote, bracket, comma or space is missing',
    hint: 'close each quote and bracket, and indent all keys of one group by the same spaces',
  },
  documents: {
    problem: 'a second document (---) begins; only one is read',
    hint: 'keep one of the two, without the line ---',
  },
  key: {
    problem: 'a key must be plain text',
    hint: 'write each key as one plain word, such as `profile: noble`',
  },
  tag: {
    problem: '! begins a tag here, and this one is not known',
    hint: 'put the value in single quotes',
  },
  encoding: {
    problem: 'the file is not text in UTF-8',
    hint: 'save it as UTF-8, or convert it: iconv -f LATIN1 -t UTF-8',
  },
  other: {
    problem: 'this is not valid YAML',
    hint: 'compare the line with the example: docs/reference/config.md',
  },
} as const;

export type SyntaxFault = keyof typeof FAULTS;

/** What is wrong, for people. */
export function syntaxProblem(fault: SyntaxFault): string {
  return FAULTS[fault].problem;
}

/** The fix for the first of a file's syntax errors. */
export function syntaxHint(findings: readonly Pick<SyntaxFinding, 'fault'>[]): string {
  return FAULTS[findings[0]?.fault ?? 'other'].hint;
}

/** Which fault corresponds to an error of the yaml library. */
export function syntaxFault(code: YAMLError['code']): SyntaxFault {
  switch (code) {
    case 'ALIAS_PROPS':
    case 'BAD_ALIAS':
      return 'alias';
    case 'BAD_INDENT':
      return 'indentation';
    case 'TAB_AS_INDENT':
      return 'tab';
    case 'BAD_DQ_ESCAPE':
      return 'escape';
    case 'BAD_SCALAR_START':
      return 'start';
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'BLOCK_IN_FLOW':
    case 'MULTILINE_IMPLICIT_KEY':
      return 'group';
    case 'KEY_OVER_1024_CHARS':
      return 'length';
    case 'MISSING_CHAR':
      return 'missing';
    case 'MULTIPLE_DOCS':
      return 'documents';
    case 'NON_STRING_KEY':
      return 'key';
    case 'BAD_COLLECTION_TYPE':
    case 'MULTIPLE_TAGS':
    case 'TAG_RESOLVE_FAILED':
      return 'tag';
    default:
      return 'other';
  }
}
