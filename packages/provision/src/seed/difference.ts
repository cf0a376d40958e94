import type { KeyPath } from '../values/key-path.ts';
import { show } from '../values/problem.ts';
import { isGroup } from './group.ts';
import { type HonouredFinding, notActedOn, otherForm } from './honoured-finding.ts';

/** A place where a value differs from the expected one. */
export interface Difference {
  readonly path: KeyPath;
  /** Undefined if nothing is expected. */
  readonly expected: unknown;
  /** Undefined if nothing was found. */
  readonly actual: unknown;
}

/**
 * Every place where two plain values differ; nested places only if both are groups or both are
 * lists.
 */
export function differences(expected: unknown, actual: unknown, path: KeyPath): Difference[] {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, index) =>
      differences(expected[index], actual[index], [...path, index]),
    ).flat();
  }
  if (isGroup(expected) && isGroup(actual)) {
    return [...new Set([...Object.keys(expected), ...Object.keys(actual)])].flatMap((key) =>
      differences(expected[key], actual[key], [...path, key]),
    );
  }
  return Object.is(expected, actual) ? [] : [{ path, expected, actual }];
}

/** What a difference from the only accepted form means, for the author of the seed. */
export function differenceFinding({ path, expected, actual }: Difference): HonouredFinding {
  if (expected === undefined) {
    return notActedOn(path);
  }
  const problem =
    actual === undefined ? 'is missing' : 'differs from the only form that is supported';
  return typeof expected === 'object'
    ? otherForm(path, problem)
    : {
        kind: 'form',
        path,
        problem,
        fix: `write ${typeof expected === 'string' ? show(expected) : String(expected)}`,
      };
}
