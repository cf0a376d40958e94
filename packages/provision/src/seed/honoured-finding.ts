import type { KeyPath } from '../values/key-path.ts';
import type { Problem } from '../values/problem.ts';

/** What our own installer cannot do as a seed says. Never holds a secret. */
export interface HonouredFinding {
  /** From the keys of autoinstall. */
  readonly path: KeyPath;
  /** `form`: it would have to pass over it, or to guess; `value`: nothing could come of it. */
  readonly kind: 'form' | 'value';
  /** Whether it is about the key itself; about its value unless told. */
  readonly at?: 'key';
  /** What is wrong: continues the path, no full stop. */
  readonly problem: string;
  /** What to write instead, beginning with a verb. */
  readonly fix: string;
}

/** A key that nothing acts on. */
export function notActedOn(path: KeyPath): HonouredFinding {
  return {
    kind: 'form',
    path,
    at: 'key',
    problem: 'is not acted on',
    fix: "remove it: micro-linux's own installer does not support it",
  };
}

/** A value that is not as `micro-linux seed` writes it. */
export function otherForm(path: KeyPath, problem: string): HonouredFinding {
  return { kind: 'form', path, problem, fix: 'write it as `micro-linux seed` does' };
}

/** The finding for a value that does not pass its check; none if it does. */
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
