import * as z from 'zod';
import { readStateFile } from './state-file.ts';

/**
 * A JSON file of the state directory. A damaged one counts as missing: these files are only
 * informative, and their loss must not prevent a confirmation or an update.
 *
 * @throws MicroLinuxError `state-unreadable`.
 */
export function readStateRecord<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): z.output<Schema> | undefined {
  const text = readStateFile(path);
  if (text === undefined) {
    return undefined;
  }
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** A slot's letter. */
export const slotSchema = z.enum(['A', 'B']);

/** A point in time as `Date.toISOString` writes it. */
export const timeSchema = z.iso.datetime();
