import { isGroup, show } from '@micro-linux/provision';
import { nearest } from '../../../config/suggest.ts';

/** What a key of an entry may hold. */
export interface ValueType {
  /** Whether a value is of it. */
  readonly has: (value: unknown) => boolean;
  /** Continues "must be": `text`. */
  readonly what: string;
  /** What to write instead of a value. */
  readonly fix: (value: unknown) => string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Text; not a number without quotes. */
export const TEXT: ValueType = {
  has: (value) => typeof value === 'string',
  what: 'text',
  fix: (value) =>
    typeof value === 'number' || typeof value === 'boolean'
      ? `put it in quotes: "${value}"`
      : 'write one word or path',
};

/** Non-empty text. */
export const NAME: ValueType = {
  ...TEXT,
  has: (value) => typeof value === 'string' && value !== '',
  what: 'text, and not empty',
};

/** Of a device that exists before the installation. */
export const DEVICE_PATH: ValueType = {
  has: (value) => typeof value === 'string' && value.startsWith('/dev/'),
  what: 'the path of a device',
  fix: () => 'write the path of one that is there: /dev/sda',
};

export const BOOLEAN: ValueType = {
  has: (value) => typeof value === 'boolean',
  what: 'true or false',
  fix: (value) =>
    /^(no|n|off|false|0)$/i.test(String(value))
      ? 'write false without quotes'
      : 'write true or false, without quotes',
};

export const WHOLE_NUMBER: ValueType = {
  has: (value) => Number.isInteger(value),
  what: 'a whole number',
  fix: (value) =>
    typeof value === 'string' && /^\d+$/.test(value)
      ? `write ${value} without quotes`
      : 'write a whole number, without quotes',
};

export const GROUP: ValueType = {
  has: isGroup,
  what: 'a group of keys',
  fix: () => 'write key: value below it',
};

export const TEXTS: ValueType = {
  has: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  what: 'a list of texts',
  fix: (value) => (typeof value === 'string' ? `write [${value}]` : 'write [first, second]'),
};

/** Ids of other entries; another check tests whether these exist. */
export const IDS: ValueType = {
  has: (value) => Array.isArray(value) && value.length > 0,
  what: 'a list of ids',
  fix: (value) => (typeof value === 'string' ? `write [${value}]` : 'write [first, second]'),
};

/** Like {@link IDS}, and may be empty. */
export const MORE_IDS: ValueType = { ...IDS, has: Array.isArray };

export const FILE_SYSTEM_UUID: ValueType = {
  has: (value) => typeof value === 'string' && UUID.test(value),
  what: 'a UUID',
  fix: () => 'write what `uuidgen` prints, or leave it out',
};

/** Checked elsewhere, or not at all. */
export const ANYTHING: ValueType = { has: () => true, what: 'anything', fix: () => '' };

/** Nothing: only the installer itself sets the key. */
export const NOTHING: ValueType = {
  has: () => false,
  what: 'left out: the installer sets it',
  fix: () => 'remove it',
};

/** One of a few values. */
export function oneOf(...values: readonly (string | number)[]): ValueType {
  const texts = values.map(String);
  return {
    has: (value) => values.some((one) => one === value),
    what: `one of ${[...new Set(texts)].filter((text) => text !== '').join(', ')}`,
    fix: (value) => {
      const slip = nearest(String(value), texts);
      return slip === undefined ? 'write one of these' : `did you mean ${slip}?`;
    },
  };
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string'
    ? show(value)
    : value === null
      ? 'null'
      : show(JSON.stringify(value));
}
