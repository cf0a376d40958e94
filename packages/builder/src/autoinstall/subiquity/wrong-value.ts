import { type KeyPath, show } from '@micro-linux/provision';
import { valueWords } from '../../config/key-info.ts';
import { nearest } from '../../config/suggest.ts';
import type { Remark } from '../check/finding.ts';
import { isSecretSeedPath } from '../seed/secret-path.ts';

type What = Pick<Remark, 'problem' | 'fix'>;

/** Plain names for the types of JSON Schema, and how to write each. */
const TYPES: Readonly<Record<string, { readonly words: string; readonly fix: string }>> = {
  string: { words: 'text', fix: 'put the value in quotes' },
  number: { words: 'a number', fix: 'write the number without quotes' },
  integer: { words: 'a whole number', fix: 'write the number without quotes' },
  boolean: { words: 'true or false', fix: 'write true or false' },
  array: { words: 'a list', fix: 'write each entry on a line of its own, after `- `' },
  object: { words: 'a group of keys', fix: 'write its keys below it, indented' },
  record: { words: 'a group of keys', fix: 'write its keys below it, indented' },
  null: { words: 'nothing', fix: 'remove the value' },
};

/** A value that is of none of some types. Does not quote it. */
export function wrongType(expected: readonly string[], value: unknown): What {
  const found = value instanceof Date ? 'a date' : valueWords(value);
  return {
    problem: `must be ${typeNames(expected)}, not ${found}`,
    fix: TYPES[expected[0] ?? '']?.fix ?? 'see the autoinstall reference',
  };
}

/** The types in words: `text or a list`. */
export function typeNames(expected: readonly string[]): string {
  return expected.map((name) => TYPES[name]?.words ?? name).join(' or ');
}

/** A value that is none of some texts. */
export function wrongChoice(choices: readonly string[], value: unknown, path: KeyPath): What {
  const list = choices.join(', ');
  if (typeof value !== 'string') {
    return {
      problem: `must be one of ${list}, not ${valueWords(value)}`,
      fix: 'write one of these',
    };
  }
  const suggestion = nearest(value, choices);
  return {
    problem: isSecretSeedPath(path)
      ? `is not one of ${list}`
      : `${show(value)} is not one of ${list}`,
    fix: suggestion === undefined ? 'write one of these' : `did you mean ${suggestion}?`,
  };
}
