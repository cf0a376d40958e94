import { formatKeyPath, type KeyPath, Problem, show } from '@micro-linux/provision';
import type { z } from 'zod';
import { exampleOf } from './example.ts';
import type { Finding } from './findings.ts';
import { checkImageVersion } from './image-version.ts';
import { allKeysInLists, generalPath, keyInfo, typeWords, valueWords } from './key-info.ts';
import { isSecretPath } from './key-path.ts';
import type { Origin, Origins } from './origin.ts';
import { adviseKey, nearest } from './suggest.ts';
import { valueAt } from './where-is.ts';

type Issue = z.core.$ZodIssue;

/** What zod's issues are looked up in. */
export interface IssueSources {
  /** What was given to zod. */
  readonly value: unknown;
  readonly origins: Origins;
}

/** Zod's issues in our words. Only our own checks quote values, because they skip secrets. */
export function findingsOf(issues: readonly Issue[], sources: IssueSources): Finding[] {
  return issues.flatMap((issue) => findingsOfIssue(issue, sources, []));
}

function findingsOfIssue(issue: Issue, sources: IssueSources, base: KeyPath): Finding[] {
  const { origins } = sources;
  const path: KeyPath = [...base, ...issue.path.map(toPart)];
  const origin = origins.of(path);
  const value = valueAt(sources.value, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        origin: origins.ofKey([...path, key]),
        problem: 'is not a known key',
        fix: adviseKey(key, formatKeyPath(generalPath(path)), allKeysInLists()),
      }));
    case 'invalid_union':
      return (
        // The branch that accepts the type of the value: its issues are about what is inside.
        issue.errors
          .find((branch) => !branch.some((inner) => isWrongType(inner)))
          ?.flatMap((inner) => findingsOfIssue(inner as Issue, sources, path)) ?? [
          wrongType(path, value, origin),
        ]
      );
    case 'custom': {
      const problem: unknown = issue.params?.['problem'];
      return [
        problem instanceof Problem
          ? fromProblem(problem, path, sources)
          : fromMessage(issue.message, { path, value, origin }),
      ];
    }
    case 'invalid_format':
      return [fromMessage(issue.message, { path, value, origin })];
    case 'too_small':
    case 'too_big':
      return [outOfRange({ path, value, origin })];
    case 'invalid_key':
      return issue.issues.flatMap((inner) => findingsOfIssue(inner as Issue, sources, path));
    case 'invalid_value':
      return typeof value === 'string'
        ? [wrongChoice(path, value, origin)]
        : [wrongType(path, value, origin)];
    default:
      return [wrongType(path, value, origin)];
  }
}

function fromProblem(problem: Problem, path: KeyPath, { origins }: IssueSources): Finding {
  const origin = origins.of(problem.detail.because ?? path);
  return {
    path,
    origin,
    problem: problem.what,
    fix: problem.fix ?? `write ${exampleOf(path, origin)}`,
    code: problem.detail.code,
  };
}

/** A value where it is in the configuration. */
interface Placed {
  readonly path: KeyPath;
  readonly value: unknown;
  readonly origin: Origin;
}

/** The message of a rule that continues the value: `must be host:port`. */
function fromMessage(message: string, { path, value, origin }: Placed): Finding {
  const shown = typeof value === 'string' || typeof value === 'number' ? `${show(value)} ` : '';
  return { path, origin, problem: `${shown}${message}`, fix: `write ${exampleOf(path, origin)}` };
}

function outOfRange({ path, value, origin }: Placed): Finding {
  const { minimum, maximum, maxItems } = keyInfo(path) ?? {};
  return Array.isArray(value)
    ? {
        path,
        origin,
        problem: `has ${value.length} entries`,
        fix: `write ${maxItems} at most`,
      }
    : {
        path,
        origin,
        problem: `${typeof value === 'number' ? value : valueWords(value)} is out of range`,
        fix: `write a whole number from ${minimum} to ${maximum}`,
      };
}

function wrongType(path: KeyPath, value: unknown, origin: Origin): Finding {
  if (value === undefined) {
    return { path, origin, problem: 'is missing', fix: `write ${exampleOf(path, origin)}` };
  }
  const expected = typeWords(keyInfo(path) ?? {});
  if (value === null) {
    return {
      path,
      origin,
      problem: 'has no value',
      fix: `write ${expected}, or delete the line to get the default`,
    };
  }
  if (formatKeyPath(path) === 'version' && typeof value === 'number') {
    // YAML reads 1.2 as a number: report at once what is wrong with it as a version.
    const problem = checkImageVersion(String(value));
    if (problem) {
      return { path, origin, problem: problem.what, fix: `${problem.fix}, in quotes` };
    }
  }
  if (Array.isArray(value) && expected.startsWith('text')) {
    return {
      path,
      origin,
      problem: 'accepts one value, not a list: more than one is not supported',
      fix: `write ${exampleOf(path, origin)}`,
    };
  }
  const wantsText = expected.startsWith('text') && typeof value !== 'object' && !isSecretPath(path);
  return {
    path,
    origin,
    problem: `must be ${expected}, not ${valueWords(value)}`,
    fix: wantsText ? 'put the value in quotes' : `write ${exampleOf(path, origin)}`,
  };
}

function wrongChoice(path: KeyPath, value: string, origin: Origin): Finding {
  const choices = keyInfo(path)?.enum ?? [];
  const suggestion = nearest(value, choices);
  return {
    path,
    origin,
    problem: `${show(value)} is not one of ${choices.join(', ')}`,
    fix: suggestion === undefined ? 'write one of these' : `did you mean ${suggestion}?`,
  };
}

function isWrongType(issue: { readonly code: string; readonly path: readonly unknown[] }): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

function toPart(part: PropertyKey): string | number {
  return typeof part === 'symbol' ? part.toString() : part;
}
