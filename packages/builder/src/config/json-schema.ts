import * as z from 'zod';
import { configSchema } from './schema.ts';

/** The keys of a file that are not about the image but about other files and variants of it. */
const LAYER_KEYS = {
  extends: {
    description:
      "Other config files that this one builds on, relative to this file's folder. Their groups are merged, lists are added to, other values replaced.",
    anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    examples: ['../base.yaml'],
  },
  variants: {
    description:
      'Named groups of keys, one of which --variant lays over the rest of the file. Each may have every key but extends and variants.',
    type: 'object',
    examples: [{ small: { disk: { size: '6G' } } }],
  },
};

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
  /** What the values of other keys must be; false: there are none. */
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
  readonly $ref?: string;
}

let schema: JsonSchema | undefined;

/**
 * The JSON Schema (draft 7) of the config file as people write it, for editors. What only code can
 * check (addresses, hashes, sums of sizes) is not in it.
 */
export function configJsonSchema(): JsonSchema {
  schema ??= withLayerKeys({
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
  });
  return schema;
}

/** Puts the keys about other files and variants first. */
function withLayerKeys(keys: JsonSchema): JsonSchema {
  return { ...keys, properties: { ...LAYER_KEYS, ...keys.properties } };
}

/**
 * {@link configJsonSchema} with what may be written in the place of a value: `{replace: …}` for every
 * list and group, and the keys of a variant.
 */
export function editorJsonSchema(): JsonSchema {
  const whole = configJsonSchema();
  const { extends: extended, variants, ...keys } = whole.properties ?? {};
  const replaceable = Object.fromEntries(
    Object.entries(keys).map(([key, child]) => [key, withReplace(child)]),
  );
  const variant = {
    type: 'object',
    properties: Object.fromEntries(
      Object.keys(keys).map((key) => [key, { $ref: `#/properties/${key}` }]),
    ),
    additionalProperties: false,
  };
  return {
    ...whole,
    properties: {
      ...(extended && { extends: extended }),
      ...(variants && { variants: { ...variants, additionalProperties: variant } }),
      ...replaceable,
    },
  };
}

function withReplace(schema: JsonSchema): JsonSchema {
  const { description, examples, default: initial, ...own } = schema;
  const choices = (own.anyOf ?? [own]).map((choice) => ({
    ...choice,
    ...(choice.properties && {
      properties: Object.fromEntries(
        Object.entries(choice.properties).map(([key, child]) => [key, withReplace(child)]),
      ),
    }),
  }));
  const whole = choices.filter(
    ({ type, properties }) =>
      type === 'array' || (properties && !Object.hasOwn(properties, 'replace')),
  );
  const { anyOf: _, ...rest } = own.anyOf ? own : { anyOf: undefined };
  return {
    ...(description !== undefined && { description }),
    ...(examples !== undefined && { examples }),
    ...(initial !== undefined && { default: initial }),
    ...rest,
    ...(whole.length === 0 && choices.length === 1
      ? choices[0]
      : { anyOf: [...choices, ...whole.map(replacing)] }),
  };
}

/** A group that says what replaces all that other files say about a key. */
function replacing(value: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: { replace: value },
    required: ['replace'],
    additionalProperties: false,
  };
}
