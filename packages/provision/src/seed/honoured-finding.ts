import type { KeyPath } from '../values/key-path.ts';
import type { Problem } from '../values/problem.ts';

/** Something in a seed that our installer does not support. Never contains a secret. */
export interface HonouredFinding {
  /** Path within the autoinstall keys. */
  readonly path: KeyPath;
  /** `form`: the installer would have to ignore it or guess; `value`: it cannot work. */
  readonly kind: 'form' | 'value';
  /** Whether it is about the key itself; about its value by default. */
  readonly at?: 'key';
  /** What is wrong: continues the path, no full stop. */
  readonly problem: string;
  /** What to write instead, beginning with a verb. */
  readonly fix: string;
}

/** A key without an effect. */
export function notActedOn(path: KeyPath): HonouredFinding {
  return {
    kind: 'form',
    path,
    at: 'key',
    problem: 'has no effect here',
    fix: "remove it: micro-linux's own installer does not support it",
  };
}

/** A value that differs from what `micro-linux seed` writes. */
export function otherForm(path: KeyPath, problem: string): HonouredFinding {
  return { kind: 'form', path, problem, fix: 'write it as `micro-linux seed` does' };
}

/** The finding for a value that does not pass its check; none if it passes. */
export function badValue(path: KeyPath, problem: Problem | undefined): HonouredFinding[] {
  return problem
    ? [
        {
          kind: 'value',
          path,
          problem: problem.what,
          fix: problem.fix ?? 'write it as `micro-linux seed` does',
        },
      ]
    : [];
}
