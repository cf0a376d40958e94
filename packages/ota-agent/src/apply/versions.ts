import compare from 'semver/functions/compare.js';
import parse from 'semver/functions/parse.js';

/**
 * Whether `version` is older than `than`, by semantic versioning. What cannot be compared counts as
 * older: an update that is not known to be newer needs to be forced.
 */
export function isOlder(version: string | undefined, than: string | undefined): boolean {
  const [a, b] = [parse(version), parse(than)];
  return a === null || b === null || compare(a, b) < 0;
}
