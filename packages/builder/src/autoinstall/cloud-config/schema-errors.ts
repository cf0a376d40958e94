import { type KeyPath, keyText, type PyKey, type PyValue } from '@micro-linux/provision';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import schema from './schema.json' with { type: 'json' };

/** An error that the schema finds, with the place of the value. */
export type SchemaError = Pick<ErrorObject, 'keyword' | 'params' | 'schemaPath'> & {
  readonly at: KeyPath;
};

/** See NOTICE.md. */
export const CLOUD_CONFIG_SCHEMA = schema;

let compiled: ValidateFunction | undefined;

/**
 * What cloud-init's schema finds in a cloud-config, as Python's jsonschema 3.2 does. Every alternative
 * of a value contributes its errors.
 */
export function schemaErrors(config: PyValue): readonly SchemaError[] {
  compiled ??= compile();
  const value = forAjv(config);
  compiled(value);
  return (compiled.errors ?? []).map(({ keyword, params, schemaPath, instancePath }) => ({
    keyword,
    params,
    schemaPath,
    at: pathOf(instancePath, value),
  }));
}

function compile(): ValidateFunction {
  const ajv = new Ajv({
    allErrors: true,
    // A key such as `constructor` is a key like any other.
    ownProperties: true,
    // Our schema is checked by the oracle of cloud-config; Python accepts infinite numbers.
    validateSchema: false,
    strict: false,
    // Of the formats, Subiquity has no package that checks `uri`.
    formats: { uri: true, hostname: isHostname, date: isDate },
  });
  ajv.addKeyword({
    keyword: 'distinct',
    type: 'array',
    validate: (_: true, items: readonly unknown[]) =>
      new Set(items.map(canonical)).size === items.length,
  });
  return ajv.compile(schema);
}

/** As jsonschema 3.2 checks a host name. */
function isHostname(text: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9.-]{1,255}\n?$/.test(text) &&
    text.split('.').every((part) => part.length <= 63)
  );
}

/** As Python reads a date by `%Y-%m-%d`. */
function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && Number(year) > 0;
}

/** Equal for equal values. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : typeof inner === 'bigint'
        ? 'neither'
        : inner,
  );
}

/** A value that is of no type of JSON Schema. */
const NO_TYPE = 0n;

/** A line feed before a key that is not a text: no pattern matches it, as none can in Python. */
const NOT_TEXT = '\n';

/** A value as JSON, in which the types that differ in Python differ for Ajv too. */
function forAjv(value: PyValue): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  switch (value.type) {
    case 'int':
      return Number(value.value);
    case 'float':
      // In Python, 1.0 is no integer.
      return Number.isInteger(value.value) ? value.value + 0.5 : value.value;
    case 'bytes':
      return Buffer.from(value.value).toString('latin1');
    case 'timestamp':
    case 'set':
      return NO_TYPE;
    case 'list':
      return value.isTuple ? NO_TYPE : value.items.map(forAjv);
    case 'dict':
      return Object.fromEntries(
        [...value.entries.values()].map((entry) => [keyFor(entry.key), forAjv(entry.value)]),
      );
  }
}

function keyFor(key: PyKey): string {
  return typeof key === 'string' ? key : `${NOT_TEXT}${keyText(key)}`;
}

/** The path of a JSON pointer into a value. */
function pathOf(pointer: string, value: unknown): KeyPath {
  const path: (string | number)[] = [];
  let inner = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(inner) ? Number(key) : key.replace(NOT_TEXT, ''));
    inner = typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined;
  }
  return path;
}
