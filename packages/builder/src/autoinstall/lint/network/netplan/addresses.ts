import { isIPv4 } from 'node:net';
import { type KeyPath, show } from '@micro-linux/provision';
import type { Remark } from '../../../check/finding.ts';
import { type Check, group, isAddress, oneOf, text, wrong } from './checks.ts';
import { isTreeGroup, type Tree } from './tree.ts';

const options = group({ lifetime: oneOf(['0', 'forever'], { anyCase: true }), label: text });

/** `192.0.2.10/24`, or a group of one such key: its label and lifetime. */
export const interfaceAddress: Check = (value, path) => addressWithPrefix(value, path, 1);

/** An address in the list of those that a tunnel allows; `0.0.0.0/0` is valid. */
export const allowedAddress: Check = (value, path) => addressWithPrefix(value, path, 0);

function addressWithPrefix(value: Tree, path: KeyPath, minimum: number): Remark[] {
  const [key, inner] = isTreeGroup(value) ? (Object.entries(value)[0] ?? []) : [value];
  if (typeof key !== 'string') {
    return [wrong('network-address', path, 'is not an address', 'write it as 192.0.2.10/24')];
  }
  const problem = prefixProblem(key, minimum, inner === undefined);
  return [
    ...(problem === undefined
      ? []
      : [wrong('network-address', path, `${show(key)} ${problem}`, fixOf(key))]),
    ...(inner === undefined ? [] : options(inner, [...path, key])),
  ];
}

/** @param isPlain false for an address with a label, whose prefix length is ignored. */
function prefixProblem(value: string, minimum: number, isPlain: boolean): string | undefined {
  const slash = value.lastIndexOf('/');
  const address = slash === -1 ? value : value.slice(0, slash);
  if (!isAddress(address)) {
    return 'is not an IP address with a prefix length';
  }
  if (slash === -1) {
    return 'has no prefix length';
  }
  // As C's strtoull: what follows the digits is ignored.
  const digits = /^[ \t\n\v\f\r]*([-+]?)(\d*)/.exec(value.slice(slash + 1));
  const prefix = Number(digits?.[2] ?? '') * (digits?.[1] === '-' ? -1 : 1);
  const maximum = isIPv4(address) ? 32 : 128;
  return !isPlain || (prefix >= minimum && prefix <= maximum)
    ? undefined
    : `has no prefix length from ${minimum} to ${maximum}`;
}

function fixOf(value: string): string {
  const address = value.split('/')[0] ?? '';
  return isAddress(address) ? `write ${address}/24, say` : 'write an address as 192.0.2.10/24';
}
