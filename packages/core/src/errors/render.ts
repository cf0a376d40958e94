import { type Detail, MicroLinuxError } from './micro-linux-error.ts';

/** An error as an object, for `--json`: the details stand beside the fields that all errors have. */
export interface ErrorObject {
  readonly schema: 1;
  readonly ok: false;
  readonly code: string;
  readonly message: string;
  readonly why?: string;
  readonly hint?: string;
  readonly exitCode: number;
  readonly [detail: string]: Detail | undefined;
}

/**
 * Wraps anything thrown: a MicroLinuxError stays as it is, all else becomes code `internal`,
 * with its stack as the reason, because it is a bug of ours.
 */
export function toMicroLinuxError(thrown: unknown): MicroLinuxError {
  if (thrown instanceof MicroLinuxError) {
    return thrown;
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new MicroLinuxError({
    code: 'internal',
    message: error.message,
    why: error.stack,
    hint: 'this is a bug in micro-linux: please report it with the lines above',
    cause: thrown,
  });
}

/** An error as people read it: `error[code]: …`, then `why:` and `try:`. No trailing newline. */
export function renderError(error: MicroLinuxError): string {
  const lines = [`error[${error.code}]: ${error.message}`];
  if (error.why) {
    lines.push(labelled('why', error.why));
  }
  if (error.hint) {
    lines.push(labelled('try', error.hint));
  }
  return lines.join('\n');
}

/** An error as machines read it. */
export function errorToObject(error: MicroLinuxError): ErrorObject {
  return {
    ...error.details,
    schema: 1,
    ok: false,
    code: error.code,
    message: error.message,
    ...(error.why === undefined ? {} : { why: error.why }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    exitCode: error.exitCode,
  };
}

function labelled(label: string, text: string): string {
  const indent = ' '.repeat(label.length + 4);
  return `  ${label}: ${text.trimEnd().split('\n').join(`\n${indent}`)}`;
}
