/** Optional parts of a {@link Problem}. */
export interface ProblemDetail {
  /** Code of the whole error if this is its only finding; `config-invalid` by default. */
  readonly code?: string;
  /**
   * The key with the problem, relative to the value that was checked; that value itself by default.
   */
  readonly at?: readonly (string | number)[];
  /** Path of the key whose value causes the problem: says why a missing key is required. */
  readonly because?: readonly string[];
}

/**
 * What is wrong with a value, worded for its author. Checks return it instead of throwing, so that
 * all problems of a configuration can be reported at once. Never contains a secret.
 */
export class Problem {
  /** A statement about the value, no full stop: `"a_b" is not a host name`. */
  readonly what: string;
  /** What to write instead, beginning with a verb; undefined if an example of the key is enough. */
  readonly fix: string | undefined;
  readonly detail: ProblemDetail;

  constructor(what: string, fix: string | undefined, detail: ProblemDetail = {}) {
    this.what = what;
    this.fix = fix;
    this.detail = detail;
  }
}

const SHOWN_CHARACTERS = 60;

/** A value as messages quote it: in double quotes, escaped, truncated. Not for secrets. */
export function show(value: string | number): string {
  const text = String(value);
  const short = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return typeof value === 'number' ? short : JSON.stringify(short);
}
