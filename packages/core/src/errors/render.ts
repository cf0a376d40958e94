import {
  bounded,
  MESSAGE_CHARACTERS,
  printableJson,
  printableLine,
  printableText,
} from '../text/printable.ts';
import { cancelled } from './cancelled.ts';
import { type Detail, MicroLinuxError } from './micro-linux-error.ts';
import { explainSystemError } from './system-error.ts';

/** An error as an object for `--json`: the details are next to the fields that all errors have. */
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
 * Wraps anything thrown: a MicroLinuxError stays as it is, an aborted wait becomes `cancelled`, a
 * failed system call on a path is explained, and everything else is a bug: it gets code `internal`,
 * with its stack as the reason.
 */
export function toMicroLinuxError(thrown: unknown): MicroLinuxError {
  if (thrown instanceof MicroLinuxError) {
    return thrown;
  }
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return thrown.cause instanceof MicroLinuxError ? thrown.cause : cancelled('it was cancelled');
  }
  const explained = explainSystemError(thrown);
  if (explained) {
    return explained;
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

/** Maximum number of characters of the reason: enough for the end of a program's output. */
const WHY_CHARACTERS = 8192;

/**
 * An error as people read it: `error[code]: …`, then `why:` and `try:`. No trailing newline. Texts
 * may quote an attacker: they are escaped and bounded, and only `why` and `try` may span several
 * lines, all of them indented.
 */
export function renderError(error: MicroLinuxError): string {
  const lines = [`error[${error.code}]: ${printableLine(error.message)}`];
  if (error.why) {
    lines.push(labelled('why', error.why));
  }
  if (error.hint) {
    lines.push(labelled('try', error.hint));
  }
  return lines.join('\n');
}

/** An error as one line of JSON, as safe to print as {@link renderError}. */
export function renderErrorJson(error: MicroLinuxError): string {
  return printableJson(errorToObject(error));
}

/** An error as an object, its texts bounded. */
export function errorToObject(error: MicroLinuxError): ErrorObject {
  return {
    ...boundedDetails(error.details),
    schema: 1,
    ok: false,
    code: error.code,
    message: bounded(error.message, MESSAGE_CHARACTERS),
    ...(error.why === undefined ? {} : { why: bounded(error.why, WHY_CHARACTERS) }),
    ...(error.hint === undefined ? {} : { hint: bounded(error.hint, MESSAGE_CHARACTERS) }),
    exitCode: error.exitCode,
  };
}

/** Maximum number of entries of one list of facts. */
const LIST_ENTRIES = 1000;

function boundedDetails(
  details: Readonly<Record<string, Detail>>,
): Readonly<Record<string, Detail>> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, boundedDetail(value)]),
  );
}

function boundedDetail(value: Detail): Detail {
  if (typeof value === 'string') {
    return bounded(value, MESSAGE_CHARACTERS);
  }
  if (typeof value !== 'object') {
    return value;
  }
  return isList(value) ? value.slice(0, LIST_ENTRIES).map(boundedDetail) : boundedDetails(value);
}

function isList(value: object): value is readonly Detail[] {
  return Array.isArray(value);
}

function labelled(label: string, text: string): string {
  const indent = ' '.repeat(label.length + 4);
  const lines = printableText(text.trimEnd(), WHY_CHARACTERS).split('\n');
  return `  ${label}: ${lines.join(`\n${indent}`)}`;
}
