import { isIPv4 } from 'node:net';
import { type KeyPath, show } from '@micro-linux/provision';
import type { Remark } from '../../../check/finding.ts';
import { bool, type Check, group, isAddress, number, oneOf, textThat, wrong } from './checks.ts';
import { isTreeGroup, type Tree, treeTextIn } from './tree.ts';

const network = (also: readonly string[]) =>
  textThat(
    (value) => also.includes(value) || isAddress(withoutPrefix(value)),
    'is not a network',
    `write ${also.includes('default') ? 'default, or ' : ''}192.0.2.0/24`,
    'network-address',
  );

const routeKeys = group({
  from: network([]),
  'on-link': bool,
  scope: oneOf(['global', 'link', 'host'], { anyCase: true }),
  table: number(),
  to: network(['default']),
  type: oneOf(
    [
      ...['unicast', 'anycast', 'blackhole', 'broadcast', 'local', 'multicast', 'nat'],
      ...['prohibit', 'throw', 'unreachable', 'xresolve'],
    ],
    { anyCase: true },
  ),
  via: textThat(
    (value) => isAddress(withoutPrefix(value)),
    'is not an IP address',
    'write the address of the router',
    'network-address',
  ),
  metric: number(),
  mtu: number(),
  'congestion-window': number(),
  'advertised-receive-window': number(),
  'advertised-mss': number(),
});

const ruleKeys = group({
  from: network([]),
  to: network([]),
  mark: number(),
  priority: number(),
  table: number(),
  'type-of-service': number(255n),
});

/** One entry of `routes`. */
export const route: Check = (value, path) => [
  ...routeKeys(value, path),
  ...(isTreeGroup(value)
    ? [...families(value, path, ['from', 'to', 'via']), ...ends(value, path)]
    : []),
];

/** One entry of `routing-policy`. */
export const routingRule: Check = (value, path) => [
  ...ruleKeys(value, path),
  ...(isTreeGroup(value)
    ? [
        ...families(value, path, ['from', 'to']),
        ...(value['from'] === undefined && value['to'] === undefined
          ? [wrong('network-key', path, 'has neither from nor to', 'write from: 192.0.2.0/24')]
          : []),
      ]
    : []),
];

function families(value: Tree, path: KeyPath, keys: readonly string[]): Remark[] {
  const found = keys.flatMap((key) => {
    const address = withoutPrefix(treeTextIn(value, key) ?? '');
    return isAddress(address) ? [{ key, isFour: isIPv4(address) }] : [];
  });
  const odd = found.find(({ isFour }) => isFour !== found[0]?.isFour);
  return odd
    ? [
        wrong(
          'network-address',
          [...path, odd.key],
          `${show(treeTextIn(value, odd.key) ?? '')} is not of the family of ${found[0]?.key}`,
          'write IPv4 with IPv4, IPv6 with IPv6',
        ),
      ]
    : [];
}

/** What a route of its kind must have. */
function ends(value: Tree, path: KeyPath): Remark[] {
  const [to, via] = [treeTextIn(value, 'to'), treeTextIn(value, 'via')];
  const type = (treeTextIn(value, 'type') ?? 'unicast').toLowerCase();
  const scope = (treeTextIn(value, 'scope') ?? defaultScope(type, via)).toLowerCase();
  if (to === undefined) {
    return [wrong('network-key', path, 'does not say where to', 'write to: default, or a network')];
  }
  return type === 'unicast' && scope === 'global' && via === undefined
    ? [wrong('network-key', path, 'has no router', 'write via: and its address, or scope: link')]
    : [];
}

function defaultScope(type: string, via: string | undefined): string {
  if (type === 'local' || type === 'nat') {
    return 'host';
  }
  const isLink = (type === 'unicast' && via === undefined) || type.endsWith('cast');
  return isLink && !(type === 'unicast' && via !== undefined) ? 'link' : 'global';
}

export function withoutPrefix(value: string): string {
  const slash = value.lastIndexOf('/');
  return slash === -1 ? value : value.slice(0, slash);
}
