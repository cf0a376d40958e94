import * as z from 'zod';

/** A field with its description for docs/reference/json.md. */
export function field<Schema extends z.ZodType>(schema: Schema, description: string): Schema {
  return schema.meta({ description });
}

export const text = (description: string) => field(z.string(), description);
export const texts = (description: string) => field(z.array(z.string()), description);
export const count = (description: string) => field(z.number().int().nonnegative(), description);
export const flag = (description: string) => field(z.boolean(), description);

export const configFile = text('The config file; null: there was none.').nullable();

export const sha256 = (what: string) =>
  field(z.string().regex(/^[0-9a-f]{64}$/), `SHA-256 of ${what}, hex.`);

export const time = (description: string) => field(z.iso.datetime(), `${description}, ISO 8601.`);

export const steps = field(
  z.array(
    z.strictObject({
      id: text('Stable name of the step.'),
      seconds: field(z.number(), 'How long it took.'),
      cached: flag('Its result came from the cache.'),
    }),
  ),
  'The steps that were run, in order.',
);

export const slot = field(
  z.strictObject({
    sha256: sha256('the slot image'),
    bytes: count('Its length.'),
  }),
  'The slot image: the contents of root A and of an update.',
);

export const sizes = field(
  z.array(
    z.strictObject({
      part: text('Name of the part.'),
      bytes: count('Bytes of its files.'),
      files: count('How many.'),
    }),
  ),
  'What uses the space in the image.',
);

export const packageAge = field(
  z.strictObject({
    fetchedAt: time('When the packages were fetched'),
    archiveIsNewer: flag('The archive has newer lists; null: not asked, or no answer.').nullable(),
    newerSuites: texts('Suites with newer lists.'),
  }),
  'How old the packages are: see docs/guides/operations.md.',
);

export const commands = texts('The commands, as one can paste them.');
