import * as z from 'zod';
import { configSchema } from './schema.ts';

/** As much of JSON Schema as ours uses. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

let schema: JsonSchema | undefined;

/**
 * The JSON Schema (draft 7) of the config file as people write it, for editors. What only code can
 * check (addresses, hashes, sums of sizes) is not in it.
 */
export function configJsonSchema(): JsonSchema {
  schema ??= {
    ...(z.toJSONSchema(configSchema, {
      io: 'input',
      target: 'draft-07',
      override: ({ zodSchema, jsonSchema }) => {
        // zod takes examples for values after a transform and drops them here; ours are before it.
        const examples = z.globalRegistry.get(zodSchema)?.['examples'];
        if (Array.isArray(examples)) {
          jsonSchema.examples = examples;
        }
        if (jsonSchema.type === 'object') {
          delete jsonSchema.default;
        }
      },
    }) as JsonSchema),
    title: 'micro-linux configuration',
    description: 'What to build: see docs/reference/config.md.',
  };
  return schema;
}
