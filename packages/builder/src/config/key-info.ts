import { formatKeyPath, type KeyPath } from '@micro-linux/provision';
import { configJsonSchema, type JsonSchema } from './json-schema.ts';

/** What the schema says about the key at a path: undefined for an unknown key. */
export function keyInfo(path: KeyPath): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>(step, configJsonSchema());
}

/** Paths of all keys and groups, dotted. */
export function allKeys(): string[] {
  return keysOf(configJsonSchema(), []);
}

function step(schema: JsonSchema | undefined, part: string | number): JsonSchema | undefined {
  for (const choice of choices(schema)) {
    const next =
      typeof part === 'number'
        ? choice.items
        : Object.hasOwn(choice.properties ?? {}, part)
          ? choice.properties?.[part]
          : undefined;
    if (next) {
      return next;
    }
  }
  return undefined;
}

function keysOf(schema: JsonSchema, path: KeyPath): string[] {
  return choices(schema).flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([key, child]) => [
      formatKeyPath([...path, key]),
      ...keysOf(child, [...path, key]),
    ]),
  );
}

function choices(schema: JsonSchema | undefined): readonly JsonSchema[] {
  return schema === undefined ? [] : (schema.anyOf ?? [schema]);
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
};

/** What a value of the key may be, in words: `text or a list`. */
export function typeWords(schema: JsonSchema): string {
  return choices(schema)
    .flatMap(({ type = [] }) => type)
    .map((type) => TYPE_WORDS[type] ?? type)
    .join(' or ');
}

/** What a value is, in words, without the value. */
export function valueWords(value: unknown): string {
  if (value === null) {
    return 'nothing';
  }
  return (
    (Array.isArray(value) ? TYPE_WORDS['array'] : TYPE_WORDS[typeof value]) ?? 'something else'
  );
}
