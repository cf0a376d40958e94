import type { SyntaxFinding } from './yaml-document.ts';

/** What helps, by a word of what is wrong; the first that fits counts. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/tab/, 'indent with spaces: replace the tab'],
  [/alias/, 'put text that begins with * in single quotes'],
  [/escape/, 'use single quotes, in which \\ is a character like any other'],
  [/cannot begin|tag/, 'put the value in single quotes'],
  [/bracket/, 'close each quote and bracket, and indent all keys of one group by the same spaces'],
  [/second document/, 'keep one of the two, without the line ---'],
  [/too long/, 'is a colon missing behind a key?'],
  [/plain text/, 'write each key as one plain word, such as `profile: noble`'],
];

/** What helps with the first of a file's syntax errors. */
export function syntaxHint(findings: readonly SyntaxFinding[]): string {
  const problem = findings[0]?.problem ?? '';
  const found = HINTS.find(([pattern]) => pattern.test(problem));
  return found?.[1] ?? 'compare the line with the example: docs/reference/config.md';
}
