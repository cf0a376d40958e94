import type { KeyPath } from '@micro-linux/provision';
import type { z } from 'zod';
import { valueWords } from '../../config/key-info.ts';
import { adviseKey } from '../../config/suggest.ts';
import { valueAt } from '../../config/where-is.ts';
import type { Remark } from '../check/finding.ts';
import { knownPaths } from './known-keys.ts';
import { autoinstallSchema } from './schema.ts';
import { typeNames, wrongChoice, wrongType } from './wrong-value.ts';

type Issue = z.core.$ZodIssue;
type What = Pick<Remark, 'problem' | 'fix'> & { readonly key?: string };

/** Errors that Subiquity's schema finds in an autoinstall. */
export function schemaRemarks(autoinstall: unknown, base: KeyPath): Remark[] {
  const issues = autoinstallSchema.safeParse(autoinstall).error?.issues ?? [];
  return issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    return explain(issue, valueAt(autoinstall, path), path).map(
      ({ key, ...what }): Remark =>
        key === undefined
          ? { rule: 'schema', path: [...base, ...path], ...what }
          : { rule: 'schema', path: [...base, ...path, key], at: 'key', ...what },
    );
  });
}

function explain(issue: Issue, value: unknown, path: KeyPath): What[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        key,
        problem: 'is not a known key, and here the installation fails because of it',
        fix: path.length === 1 ? adviseKey(key, String(path[0]), knownPaths()) : 'remove it',
      }));
    case 'invalid_value':
      return [wrongChoice(issue.values.map(String), value, path)];
    case 'invalid_type':
      return [notOfType([issue.expected], value, path)];
    case 'invalid_union':
      return [inUnion(issue, value, path)];
    case 'custom':
      return [{ problem: issue.message, fix: fixOf(path) }];
    case 'too_small':
    case 'too_big':
    case 'invalid_format':
      return [
        {
          problem: 'is not an Ubuntu Pro token (value not shown)',
          fix: 'copy the whole token: a C and 23 to 29 letters and digits',
        },
      ];
    default:
      return [{ problem: issue.message, fix: 'see the autoinstall reference' }];
  }
}

function inUnion(issue: Issue & { code: 'invalid_union' }, value: unknown, path: KeyPath): What {
  const inner = issue.errors.flat();
  const types = inner.flatMap((one) => (one.code === 'invalid_type' ? [one.expected] : []));
  const choices = inner.flatMap((one) =>
    one.code === 'invalid_value' ? one.values.map(String) : [],
  );
  if (String(path[0]).endsWith('-commands') && typeof value === 'object' && value !== null) {
    return {
      problem: `must be text or a list of texts, not ${valueWords(value)}`,
      fix: 'put the whole command in quotes: colon and blank in it begin a group of keys',
    };
  }
  return typeof value === 'string' && choices.length > 0
    ? wrongChoice(types.includes('boolean') ? ['true', 'false', ...choices] : choices, value, path)
    : notOfType(types, value, path);
}

/** A value of a wrong type, or one that is missing. */
function notOfType(expected: readonly string[], value: unknown, path: KeyPath): What {
  return value === undefined
    ? {
        problem: `is missing: it must be ${typeNames(expected)}`,
        fix: `write ${exampleOf(path)}`,
      }
    : wrongType(expected, value);
}

function fixOf(path: KeyPath): string {
  switch (path.at(-1)) {
    case 'version':
      return `write ${exampleOf(path)}`;
    case 'network':
      return 'keep them here, and remove `network` below it';
    case 'kernel':
      return 'write package: linux-generic, or flavor: hwe';
    default:
      return 'write a whole number';
  }
}

/** An example of a required key. */
const EXAMPLES: Readonly<Record<string, string>> = {
  username: 'username: micro',
  hostname: 'hostname: micro-linux',
  password: "password: '$6$…', as `openssl passwd -6` prints it",
  layout: 'layout: us',
  install: 'install: true',
  uri: 'uri: http://mirror.example/ubuntu',
};

function exampleOf(path: KeyPath): string {
  const key = String(path.at(-1));
  return key === 'version'
    ? `version: ${path.length === 1 ? 1 : 2}`
    : (EXAMPLES[key] ?? `${key}: and its value`);
}
