/** A Python int: unbounded, and always distinct from a float. */
export interface PyInt {
  readonly type: 'int';
  readonly value: bigint;
}

export interface PyFloat {
  readonly type: 'float';
  readonly value: number;
}

/** A date, or a date and time. */
export interface PyTimestamp {
  readonly type: 'timestamp';
  /** As Python's `isoformat()` prints it. */
  readonly text: string;
}

export interface PyBytes {
  readonly type: 'bytes';
  readonly value: Uint8Array;
}

export interface PyList {
  readonly type: 'list';
  readonly items: PyValue[];
  /** A pair of `!!omap` or `!!pairs`. */
  readonly isTuple?: true;
}

/** A dict, in the order of its keys. */
export interface PyDict {
  readonly type: 'dict';
  /** By {@link keyIdentity}; `{1: a, true: b}` is one key in Python. */
  readonly entries: Map<string, { readonly key: PyKey; readonly value: PyValue }>;
}

export interface PySet {
  readonly type: 'set';
  readonly entries: Map<string, PyKey>;
}

/** Values that can be keys. */
export type PyKey = string | boolean | null | PyInt | PyFloat | PyTimestamp | PyBytes;

/**
 * What `yaml.safe_load` returns. Lists, dicts and sets may be shared and may contain themselves.
 */
export type PyValue = PyKey | PyList | PyDict | PySet;

/** The same for keys that are equal in Python. */
export function keyIdentity(key: PyKey): string {
  if (typeof key === 'string') {
    return `str ${key}`;
  }
  if (typeof key === 'boolean') {
    return `int ${key ? 1 : 0}`;
  }
  if (key === null) {
    return 'null';
  }
  switch (key.type) {
    case 'int':
      return `int ${key.value}`;
    case 'float':
      return Number.isInteger(key.value) ? `int ${BigInt(key.value)}` : `float ${key.value}`;
    case 'timestamp':
      return `timestamp ${key.text}`;
    case 'bytes':
      return `bytes ${Buffer.from(key.value).toString('hex')}`;
  }
}

/** Whether a value can be a key. */
export function isKey(value: PyValue): value is PyKey {
  return (
    typeof value !== 'object' || value === null || !['list', 'dict', 'set'].includes(value.type)
  );
}
