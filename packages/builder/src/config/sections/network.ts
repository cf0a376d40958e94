import {
  checkAddress,
  checkGateway,
  checkHostAddress,
  checkInterface,
  checkMissingKey,
  checkNetworkAddress,
  checkStrayKey,
  STATIC_NEEDED_KEYS,
  STATIC_ONLY_KEYS,
  toNetwork,
} from '@micro-linux/provision';
import * as z from 'zod';
import { checkedText, integer, uniqueList, withRule } from '../checked.ts';

// One object for both kinds, not a union, so that each value is checked and each key suggested
// for either kind.
let group = z.strictObject({
  kind: z
    .enum(['dhcp', 'static'])
    .prefault('dhcp')
    .meta({ description: 'How the device gets its address.' }),
  interface: checkedText(checkInterface)
    .optional()
    .meta({
      description: 'Network interface. Default with dhcp: every wired interface.',
      examples: ['eth0'],
    }),
  address: checkedText(checkHostAddress)
    .optional()
    .meta({
      description: 'Static only: IPv4 or IPv6 address, without prefix length.',
      examples: ['192.0.2.10'],
    }),
  prefix: integer(1, 128)
    .optional()
    .meta({
      description: 'Static only: prefix length, 1 to 32 for IPv4, 1 to 128 for IPv6.',
      examples: [24],
    }),
  gateway: checkedText(checkHostAddress)
    .optional()
    .meta({
      description: 'Static only: the router, inside the same network. Default: none.',
      examples: ['192.0.2.1'],
    }),
  dns: uniqueList(checkedText(checkAddress))
    .optional()
    .meta({
      description: 'Static only: DNS servers. Default: none.',
      examples: [['192.0.2.53']],
    }),
});
for (const key of STATIC_ONLY_KEYS) {
  group = withRule(group, ['kind', key], (network) => checkStrayKey(network, key));
}
for (const key of STATIC_NEEDED_KEYS) {
  group = withRule(group, ['kind', key], (network) => checkMissingKey(network, key));
}
group = withRule(group, ['kind', 'address', 'prefix'], checkNetworkAddress);
group = withRule(group, ['kind', 'address', 'prefix', 'gateway'], checkGateway);

export const networkSchema = group
  .transform(toNetwork)
  .prefault({})
  .meta({
    description: "The device's network.",
    if: { properties: { kind: { const: 'static' } }, required: ['kind'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: [...STATIC_NEEDED_KEYS] },
  });
