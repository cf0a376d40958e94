import { GrubEnvError } from '../grubenv-error.ts';

/** An error as text of three or more lines, for stderr. */
export function renderError(thrown: unknown): string {
  const { code, message, why, hint } = asGrubEnvError(thrown);
  return `error[${code}]: ${message}\n  why: ${why}\n  try: ${hint}\n`;
}

/** The same as one line of JSON. */
export function errorAsJson(thrown: unknown): string {
  const { code, message, why, hint, offset } = asGrubEnvError(thrown);
  const exitCode = exitCodeFor(thrown);
  return `${JSON.stringify({ schema: 1, ok: false, code, message, why, hint, offset, exitCode })}\n`;
}

/** 2 for wrong arguments, otherwise 1. */
export function exitCodeFor(thrown: unknown): number {
  return thrown instanceof GrubEnvError && thrown.code === 'usage' ? 2 : 1;
}

function asGrubEnvError(thrown: unknown): { [K in keyof GrubEnvError]?: unknown } {
  if (thrown instanceof GrubEnvError) {
    return thrown;
  }
  return {
    code: 'internal',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    why: thrown instanceof Error ? thrown.stack : 'something that is not an Error was thrown',
    hint: 'this is a bug in grubenv: please report it with these lines',
  };
}
