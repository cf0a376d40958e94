import { readFileSync } from 'node:fs';

/**
 * Prints the part of cloud-init's schema of user-data that decides whether a file is valid, for
 * packages/builder/src/autoinstall/cloud-config/schema.json (see NOTICE.md there). Run by hand:
 *
 *     node e2e/oracle/cloud-config/shrink-schema.ts schema-cloud-config-v1.json
 */
const file = process.argv[2];
if (file === undefined) {
  throw new Error('name the schema-cloud-config-v1.json of cloud-init');
}
const schema = { ...group(JSON.parse(readFileSync(file, 'utf8'))) };
// It is draft 4, and uses nothing that later drafts read differently.
delete schema['$schema'];
process.stdout.write(`{${lines(shrink(schema), 2).join(',\n')}}\n`);

type Json = Readonly<Record<string, unknown>>;

/** Keywords of JSON Schema that decide about validity, and how to shrink their values. */
function shrink(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const schema = group(value);
  if (typeof schema['$ref'] === 'string') {
    // In draft 4, it replaces its siblings.
    return { $ref: schema['$ref'] };
  }
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, inner]): (readonly [string, unknown])[] => {
      switch (keyword) {
        case 'properties':
        case '$defs':
          return [[keyword, each(inner, (key) => key)]];
        case 'patternProperties':
          return [[keyword, each(inner, asInPython)]];
        case 'pattern':
          return [[keyword, asInPython(String(inner))]];
        case 'allOf':
        case 'anyOf':
        case 'oneOf':
          return [[keyword, Array.isArray(inner) ? inner.map(shrink) : inner]];
        case 'items':
        case 'not':
        case 'additionalProperties':
          return [[keyword, shrink(inner)]];
        case 'enum':
        case 'format':
        case 'maxItems':
        case 'minItems':
        case 'minProperties':
        case 'minimum':
        case 'required':
        case 'type':
          return [[keyword, inner]];
        case 'uniqueItems':
          // By our own keyword: Ajv compares each item with each other one.
          return inner === true ? [['distinct', true]] : [];
        case 'changed':
        case 'default':
        case 'deprecated':
        case 'description':
        case 'hidden':
        case 'label':
        case 'new':
        // Without effect in draft 4: it has no prefixItems, and the other goes with a list of `items`.
        case 'prefixItems':
        case 'additionalItems':
          return [];
        default:
          if (/^(?:changed|deprecated|new)_(?:version|description)$/.test(keyword)) {
            return [];
          }
          throw new Error(`the keyword ${keyword} is new: decide whether it counts`);
      }
    }),
  );
}

/** JSON with a line for each definition. */
function lines(value: unknown, depth: number): readonly string[] {
  return Object.entries(group(value)).map(([key, inner]) => {
    const text =
      depth > 1 && ['$defs', 'properties'].includes(key)
        ? `{\n${lines(inner, depth - 1).join(',\n')}\n}`
        : JSON.stringify(inner);
    return `${JSON.stringify(key)}: ${text}`;
  });
}

function each(value: unknown, rename: (key: string) => string): Json {
  return Object.fromEntries(
    Object.entries(group(value)).map(([key, inner]) => [rename(key), shrink(inner)]),
  );
}

/** Python's `.` matches everything except a line feed, and its `$` also before a last line feed. */
function asInPython(pattern: string): string {
  return pattern.replaceAll(/(?<!\\)\./g, '[^\\n]').replace(/(?<!\\)\$$/, '\\n?$');
}

function group(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`not a mapping: ${JSON.stringify(value)}`);
  }
  return value as Json;
}
