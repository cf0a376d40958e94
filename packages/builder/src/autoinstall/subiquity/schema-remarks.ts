import { type KeyPath, show } from '@micro-linux/provision';
import type { z } from 'zod';
import { valueWords } from '../../config/key-info.ts';
import { adviseKey, nearest } from '../../config/suggest.ts';
import type { Remark } from '../check/finding.ts';
import { isSecretSeedPath } from '../seed/secret-path.ts';
import { knownPaths } from './known-keys.ts';
import { autoinstallSchema } from './schema.ts';

type Issue = z.core.$ZodIssue;
type What = Pick<Remark, 'problem' | 'fix'> & { readonly key?: string };

/** Plain names for the types of the schema, and how to write each. */
const TYPES: Readonly<Record<string, { readonly words: string; readonly fix: string }>> = {
  string: { words: 'text', fix: 'put the value in quotes' },
  number: { words: 'a number', fix: 'write the number without quotes' },
  boolean: { words: 'true or false', fix: 'write true or false' },
  array: { words: 'a list', fix: 'write each entry on a line of its own, after `- `' },
  object: { words: 'a group of keys', fix: 'write its keys below it, indented' },
  record: { words: 'a group of keys', fix: 'write its keys below it, indented' },
};

/** Errors that Subiquity's schema finds in an autoinstall. */
export function schemaRemarks(autoinstall: unknown, base: KeyPath): Remark[] {
  const issues = autoinstallSchema.safeParse(autoinstall).error?.issues ?? [];
  return issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    return explain(issue, at(autoinstall, path), path).map(
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
        problem: 'is not a known key, and one too many ends the installation here',
        fix: path.length === 1 ? adviseKey(key, String(path[0]), knownPaths()) : 'remove it',
      }));
    case 'invalid_value':
      return [wrongChoice(issue.values.map(String), value, path)];
    case 'invalid_type':
      return [wrongType([issue.expected], value, path)];
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
    : wrongType(types, value, path);
}

function wrongType(expected: readonly string[], value: unknown, path: KeyPath): What {
  const types = expected.map((name) => TYPES[name] ?? { words: name, fix: `write ${name}` });
  const words = types.map((type) => type.words).join(' or ');
  const fix = types[0]?.fix ?? 'see the autoinstall reference';
  return value === undefined
    ? { problem: `is missing: it must be ${words}`, fix: `write ${exampleOf(path)}` }
    : { problem: `must be ${words}, not ${valueWords(value)}`, fix };
}

function wrongChoice(choices: readonly string[], value: unknown, path: KeyPath): What {
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

function at(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, part)
        ? Reflect.get(inner, part)
        : undefined,
    value,
  );
}
