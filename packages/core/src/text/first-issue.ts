import { printableLine } from './printable.ts';

/** What a schema found wrong; as zod's errors have it. */
interface SchemaError {
  readonly issues: readonly {
    readonly path: readonly PropertyKey[];
    readonly message: string;
    /** Of an object with keys that the schema does not know. */
    readonly keys?: readonly string[];
  }[];
}

const KEY_CHARACTERS = 64;
const ISSUE_CHARACTERS = 512;

/**
 * The first thing that is wrong, in one bounded line: `image.bytes: …`. Whoever wrote the data
 * decides how many issues there are and how long their names are.
 */
export function firstIssue(error: SchemaError): string {
  const [issue] = error.issues;
  if (!issue) {
    return 'it does not fit its schema';
  }
  const [unknown] = issue.keys ?? [];
  const path = issue.path.map((part) => printableLine(String(part), KEY_CHARACTERS)).join('.');
  const what =
    unknown === undefined
      ? issue.message
      : `unknown key ${JSON.stringify(printableLine(unknown, KEY_CHARACTERS))}`;
  return printableLine(path === '' ? what : `${path}: ${what}`, ISSUE_CHARACTERS);
}
