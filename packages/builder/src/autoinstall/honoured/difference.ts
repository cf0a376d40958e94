import type { KeyPath } from '../../config/key-path.ts';
import { isGroup } from '../seed/group.ts';

/** A place where a value is not what it should be. */
export interface Difference {
  readonly path: KeyPath;
  /** Undefined: nothing should be there. */
  readonly expected: unknown;
  /** Undefined: nothing is there. */
  readonly actual: unknown;
}

/** Every place where two plain values differ; deeper places only where both are groups or lists. */
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
