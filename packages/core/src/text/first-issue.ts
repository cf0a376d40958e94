import { printableLine } from './printable.ts';

/** An issue found by a schema, as in zod's errors. */
interface SchemaError {
  readonly issues: readonly {
    readonly path: readonly PropertyKey[];
    readonly message: string;
    /** For an object with unknown keys. */
    readonly keys?: readonly string[];
  }[];
}

const KEY_CHARACTERS = 64;
const ISSUE_CHARACTERS = 512;

/**
 * The first issue in one bounded line: `image.bytes: …`. The author of the data controls the number
 * of issues and the length of their names.
 */
export function firstIssue(error: SchemaError): string {
  const [issue] = error.issues;
  if (!issue) {
    return 'it does not match its schema';
  }
  const [unknown] = issue.keys ?? [];
  const path = issue.path.map((part) => printableLine(String(part), KEY_CHARACTERS)).join('.');
  const what =
    unknown === undefined
      ? issue.message
      : `unknown key ${JSON.stringify(printableLine(unknown, KEY_CHARACTERS))}`;
  return printableLine(path === '' ? what : `${path}: ${what}`, ISSUE_CHARACTERS);
}
