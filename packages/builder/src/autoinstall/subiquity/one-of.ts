import type { z } from 'zod';

/** A mapping that must have exactly one of some keys: `oneOf` with `required` in JSON Schema. */
export function exactlyOne<Schema extends z.ZodType<Readonly<Record<string, unknown>>>>(
  schema: Schema,
  keys: readonly string[],
): Schema {
  return schema.superRefine((value, context) => {
    const there = keys.filter((key) => Object.hasOwn(value, key));
    if (there.length !== 1) {
      const names = keys.map((key) => `\`${key}\``).join(' and ');
      context.addIssue({
        code: 'custom',
        message: there.length === 0 ? `needs one of ${names}` : `allows only one of ${names}`,
      });
    }
  });
}
