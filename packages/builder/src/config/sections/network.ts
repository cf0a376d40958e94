import {
  checkAddress,
  checkGateway,
  checkHostAddress,
  checkInterface,
  checkInterfaces,
  checkMissingKey,
  checkNetworkAddress,
  checkStrayKey,
  type NetworkSettings,
  Problem,
  SIMPLE_KEYS,
  STATIC_NEEDED_KEYS,
  STATIC_ONLY_KEYS,
  toInterfaces,
  toNetwork,
} from '@micro-linux/provision';
import * as z from 'zod';
import { checkedText, integer, uniqueList, withRule } from '../checked.ts';
import { interfacesSchema } from './interfaces.ts';

// One object for all kinds, not a union, so that each value is checked and each key suggested
// for any kind.
let group = z.strictObject({
  kind: z.enum(['dhcp', 'static', 'none']).optional().meta({
    description:
      'How the device gets its address; none: no network file is written, because the product has its own.',
    default: 'dhcp',
  }),
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
  interfaces: interfacesSchema.optional().meta({
    description:
      'Several interfaces, each with an id of your own, instead of the keys above. The id of a VLAN, bridge, bond or radio is its name.',
    examples: [{ eth0: { dhcp4: true } }],
  }),
});
for (const key of ['kind', ...SIMPLE_KEYS] as const) {
  group = withRule(group, [key, 'interfaces'], (network) =>
    network.interfaces === undefined || network[key] === undefined
      ? undefined
      : new Problem(
          'cannot be combined with interfaces, which has its own settings for each',
          'remove it, or write it below one of the interfaces',
          { at: [key] },
        ),
  );
}
for (const key of STATIC_ONLY_KEYS) {
  group = withRule(group, ['kind', key, 'interfaces'], (network) =>
    network.interfaces === undefined ? checkStrayKey(network, key) : undefined,
  );
}
group = withRule(group, ['kind', 'interface'], ({ kind, interface: name }) =>
  kind === 'none' && name !== undefined
    ? new Problem('has no effect: no network file is written', 'remove it, or remove kind: none', {
        at: ['interface'],
      })
    : undefined,
);
for (const key of STATIC_NEEDED_KEYS) {
  group = withRule(group, ['kind', key], (network) =>
    network.interfaces === undefined ? checkMissingKey(network, key) : undefined,
  );
}
group = withRule(group, ['kind', 'address', 'prefix'], checkNetworkAddress);
group = withRule(group, ['kind', 'address', 'prefix', 'gateway'], checkGateway);
group = withRule(group, ['interfaces'], ({ interfaces }) =>
  interfaces === undefined
    ? undefined
    : checkInterfaces(interfaces).map(
        ({ what, fix, detail }) =>
          new Problem(what, fix, { ...detail, at: ['interfaces', ...(detail.at ?? [])] }),
      ),
);

export const networkSchema = group
  .transform(
    ({ interfaces, ...simple }): NetworkSettings =>
      interfaces === undefined
        ? toNetwork(simple)
        : { kind: 'interfaces', interfaces: toInterfaces(interfaces) },
  )
  .prefault({})
  .meta({
    description: "The device's network.",
    if: { properties: { kind: { const: 'static' } }, required: ['kind'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: [...STATIC_NEEDED_KEYS] },
  });
