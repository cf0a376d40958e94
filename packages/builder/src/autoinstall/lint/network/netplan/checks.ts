import { isIPv4, isIPv6 } from 'node:net';
import { type KeyPath, show } from '@micro-linux/provision';
import type { Remark } from '../../../check/finding.ts';
import type { RuleId } from '../../../check/rules.ts';
import { advise } from '../../advice.ts';
import { isTreeGroup, isTreeList, type Tree } from './tree.ts';

/** What netplan would say of a value. */
export type Check = (value: Tree, path: KeyPath) => Remark[];

/** The keys that a group may have. */
export type KeyTable = Readonly<Record<string, Check>>;

/** Largest number that netplan accepts. */
const MAXIMUM_NUMBER = 4_294_967_295n;

const TRUE = ['true', 'on', 'yes', 'y'];
const FALSE = ['false', 'off', 'no', 'n'];

const MAC = /^[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}(?:(?::[0-9A-Fa-f]{2}){14})?$/;

export function wrong(rule: RuleId, path: KeyPath, problem: string, fix: string): Remark {
  return { rule, path, problem, fix };
}

function badValue(path: KeyPath, problem: string, fix: string): Remark[] {
  return [wrong('network-value', path, problem, fix)];
}

/** A text of any kind. */
export const text: Check = (value, path) =>
  typeof value === 'string'
    ? []
    : badValue(path, 'must be one value, not a list or a group', 'write one value');

/** A text that passes `isFine`; otherwise the problem continues its path. */
export function textThat(
  isFine: (value: string) => boolean,
  problem: string,
  fix: string,
  rule: RuleId = 'network-value',
): Check {
  return (value, path) => {
    if (typeof value !== 'string') {
      return text(value, path);
    }
    return isFine(value) ? [] : [wrong(rule, path, `${show(value)} ${problem}`, fix)];
  };
}

/** What C's strtoull makes of a text as a whole; undefined for what netplan refuses. */
export function numberOf(value: string): bigint | undefined {
  if (value === '') {
    return 0n;
  }
  if (!/^[ \t\n\v\f\r]*[-+]?\d+$/.test(value)) {
    return undefined;
  }
  const number = BigInt(value.trim().replace('+', ''));
  return number >= 0n && number <= MAXIMUM_NUMBER ? number : undefined;
}

export function number(maximum: bigint = MAXIMUM_NUMBER): Check {
  return textThat(
    (value) => (numberOf(value) ?? MAXIMUM_NUMBER + 1n) <= maximum,
    'is not a number that netplan accepts',
    `write a whole number from 0 to ${maximum}`,
  );
}

export function boolOf(value: string | undefined): boolean | undefined {
  const lower = value?.toLowerCase() ?? '';
  return TRUE.includes(lower) ? true : FALSE.includes(lower) ? false : undefined;
}

export const bool: Check = textThat(
  (value) => boolOf(value) !== undefined,
  'is neither true nor false',
  'write true or false',
);

export function oneOf(values: readonly string[], options: { anyCase?: boolean } = {}): Check {
  return textThat(
    (value) => values.includes(options.anyCase ? value.toLowerCase() : value),
    `is not one of ${values.join(', ')}`,
    'write one of these',
  );
}

export const macAddress: Check = textThat(
  (value) => MAC.test(value),
  'is not a MAC address; one of digits alone is a number in YAML',
  "write it in quotes: '52:54:00:12:34:56'",
);

export const ip: Check = textThat(
  isAddress,
  'is not an IP address',
  'write an address such as 192.0.2.10, without a prefix length',
  'network-address',
);

export const ip4: Check = textThat(
  isIPv4,
  'is not an IPv4 address',
  'write an address such as 192.0.2.10, without a prefix length',
  'network-address',
);

export const ip6: Check = textThat(
  isPlainIPv6,
  'is not an IPv6 address',
  'write an address such as 2001:db8::10, without a prefix length',
  'network-address',
);

/** A name without blanks. */
export const deviceName: Check = textThat(
  isDeviceName,
  'is not a name of a device',
  'write a name such as eth0 or en*',
);

export function isDeviceName(name: string): boolean {
  return /^[!-~]+$/.test(name);
}

export function isAddress(value: string): boolean {
  return isIPv4(value) || isPlainIPv6(value);
}

function isPlainIPv6(value: string): boolean {
  return isIPv6(value) && !value.includes('%');
}

export function listOf(item: Check, example: string, rule: RuleId = 'network-value'): Check {
  return (value, path) =>
    isTreeList(value)
      ? value.flatMap((one, index) => item(one, [...path, index]))
      : [wrong(rule, path, 'must be a list', `write ${example}`)];
}

/** A group with arbitrary keys. */
export function mapOf(item: Check): Check {
  return (value, path) =>
    isTreeGroup(value)
      ? Object.entries(value).flatMap(([key, one]) => item(one, [...path, key]))
      : notAGroup(path);
}

/** A group of known keys. */
export function group(keys: KeyTable): Check {
  const known = Object.keys(keys);
  return (value, path) =>
    isTreeGroup(value)
      ? Object.entries(value).flatMap(([key, one]) => {
          const check = Object.hasOwn(keys, key) ? keys[key] : undefined;
          return check ? check(one, [...path, key]) : [unknownKey(key, path, known)];
        })
      : notAGroup(path);
}

export function notAGroup(path: KeyPath): Remark[] {
  return [
    {
      rule: 'network-key',
      path,
      problem: 'must be a group of keys',
      fix: 'write its keys below it, indented: dhcp4: true',
    },
  ];
}

function unknownKey(key: string, path: KeyPath, known: readonly string[]): Remark {
  return {
    rule: 'network-key',
    path: [...path, key],
    at: 'key',
    problem: 'is not a key of netplan: it refuses the whole network',
    fix: advise(key, '', known),
  };
}
