import { formatKeyPath, type KeyPath } from '@micro-linux/provision';
import { configJsonSchema, type JsonSchema } from './json-schema.ts';

/** What the schema says about the key at a path: undefined for an unknown key. */
export function keyInfo(path: KeyPath): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>(step, configJsonSchema());
}

/**
 * Paths of all keys and groups, dotted; `*` stands for an entry of a group whose keys are names of
 * your own. Without the keys of entries of lists.
 */
export function allKeys(): string[] {
  return keysOf(configJsonSchema(), [], false);
}

/** {@link allKeys} with those of entries of lists; `*` stands for an entry. */
export function allKeysInLists(): string[] {
  return keysOf(configJsonSchema(), [], true);
}

function step(schema: JsonSchema | undefined, part: string | number): JsonSchema | undefined {
  for (const choice of choices(schema)) {
    const next =
      typeof part === 'number'
        ? choice.items
        : Object.hasOwn(choice.properties ?? {}, part)
          ? choice.properties?.[part]
          : (namedEntry(choice) ?? (part === ENTRY ? choice.items : undefined));
    if (next) {
      return next;
    }
  }
  return undefined;
}

const ENTRY = '*';

/** What an entry of a group is whose keys are names. */
function namedEntry({ additionalProperties }: JsonSchema): JsonSchema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** A path with `*` for its entries, as {@link allKeysInLists} writes it. */
export function generalPath(path: KeyPath): KeyPath {
  return path.map((part, index) => {
    const parent = keyInfo(path.slice(0, index));
    const isNamed = choices(parent).some(
      (choice) => namedEntry(choice) && !Object.hasOwn(choice.properties ?? {}, part),
    );
    return typeof part === 'number' || isNamed ? ENTRY : part;
  });
}

function keysOf(schema: JsonSchema, path: KeyPath, intoLists: boolean): string[] {
  return choices(schema).flatMap((choice) => {
    const entry = namedEntry(choice) ?? (intoLists ? choice.items : undefined);
    return [
      ...Object.entries(choice.properties ?? {}).flatMap(([key, child]) => [
        formatKeyPath([...path, key]),
        ...keysOf(child, [...path, key], intoLists),
      ]),
      ...(entry === undefined ? [] : keysOf(entry, [...path, ENTRY], intoLists)),
    ];
  });
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
