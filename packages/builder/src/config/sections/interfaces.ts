import { BOND_MODES, HASH_POLICIES, LACP_RATES, ROUTE_SCOPES } from '@micro-linux/provision';
import * as z from 'zod';

// Types only: `checkInterfaces` judges the values, because seeds are checked by it as well.

const text = (description: string, example: string) =>
  z
    .string()
    .optional()
    .meta({ description, examples: [example] });

const number = (description: string, example: number) =>
  z
    .number()
    .optional()
    .meta({ description, examples: [example], type: 'integer' });

const flag = (description: string) => z.boolean().prefault(false).meta({ description });

const texts = (description: string) => z.array(z.string()).prefault([]).meta({ description });

const match = z
  .strictObject({
    name: text(
      "Name, or a pattern of names, such as `en*`. Default: the interface's id.",
      'enp1s0',
    ),
    mac: text('Its permanent MAC address.', '52:54:00:12:34:56'),
    driver: text('Driver of the kernel, or a pattern.', 'igb'),
    path: text("Place in the machine, or a pattern: udev's ID_PATH.", 'pci-0000:02:00.0'),
  })
  .optional()
  .meta({ description: 'Which port of the machine it is. All rules must fit.' });

const route = z.strictObject({
  to: z.string().meta({
    description: 'Network with prefix length, or `default`.',
    examples: ['198.51.100.0/24'],
  }),
  via: text('The router. Default: none; the network is on the link.', '192.0.2.254'),
  metric: number('Of two routes, the one with the lower metric is used.', 100),
  onLink: flag('The router is outside the networks of the interface, on the same cable.'),
  scope: z
    .enum(ROUTE_SCOPES)
    .optional()
    .meta({ description: 'Scope of the route. Default: chosen by networkd.', examples: ['link'] }),
});

const vlan = z
  .strictObject({
    id: z.number().meta({ description: 'Number, 1 to 4094.', examples: [10], type: 'integer' }),
    link: z.string().meta({
      description: 'Id of the interface that carries it.',
      examples: ['eth0'],
    }),
  })
  .optional()
  .meta({ description: 'Makes it a VLAN.' });

const bridge = z
  .strictObject({
    interfaces: z.array(z.string()).meta({
      description: 'Ids of its ports.',
      examples: [['eth0', 'eth1']],
    }),
    stp: flag('Spanning tree: needed if cables may form a loop; a port then waits 30 seconds.'),
    priority: number('Priority of the spanning tree, 0 to 65535.', 32_768),
    forwardDelay: number('Seconds that a port waits, 2 to 30.', 15),
    helloTime: number('Seconds between two hello packets, 1 to 10.', 2),
    maxAge: number('Seconds until a silent root bridge is given up, 6 to 40.', 20),
    ageingTime: number('Seconds until an address is forgotten.', 300),
  })
  .optional()
  .meta({ description: 'Makes it a bridge.' });

const bond = z
  .strictObject({
    interfaces: z.array(z.string()).meta({
      description: 'Ids of its ports, at least one.',
      examples: [['eth0', 'eth1']],
    }),
    mode: z
      .enum(BOND_MODES)
      .prefault('active-backup')
      .meta({ description: 'How the ports are used.' }),
    miiMonitorInterval: z.number().prefault(100).meta({
      description: 'Milliseconds between two looks at the links of the ports.',
      type: 'integer',
    }),
    primary: text('Id of the preferred port.', 'eth0'),
    lacpRate: z
      .enum(LACP_RATES)
      .optional()
      .meta({ description: 'How often 802.3ad asks the switch.', examples: ['fast'] }),
    transmitHashPolicy: z
      .enum(HASH_POLICIES)
      .optional()
      .meta({ description: 'What chooses the port of a packet.', examples: ['layer3+4'] }),
    minLinks: number('How many ports must have a link.', 1),
  })
  .optional()
  .meta({ description: 'Makes it a bond.' });

const wifi = z
  .strictObject({
    ssid: z.string().meta({ description: 'Name of the wireless network.', examples: ['workshop'] }),
    password: text(
      'Passphrase of 8 to 63 characters, or 64 hexadecimal digits. Default: an open network.',
      'a long passphrase',
    ),
    hidden: flag('The access point does not send its name.'),
    regulatoryDomain: text('Country whose radio rules apply: two capital letters.', 'DE'),
  })
  .optional()
  .meta({ description: 'Makes it a wireless interface, by wpa_supplicant.' });

/** Interfaces by id, with defaults; {@link checkInterfaces} judges them. */
export const interfacesSchema = z.record(
  z.string(),
  z
    .strictObject({
      match,
      dhcp4: flag('IPv4 address by DHCP.'),
      dhcp6: flag('IPv6 address by DHCPv6.'),
      acceptRa: z
        .boolean()
        .optional()
        .meta({
          description: 'IPv6 router advertisements. Default: accepted, unless the device forwards.',
          examples: [true],
        }),
      addresses: texts('IPv4 and IPv6 addresses with prefix lengths.'),
      gateway4: text('IPv4 router, inside one of the networks. Default: none.', '192.0.2.1'),
      gateway6: text('IPv6 router. Default: none.', '2001:db8::1'),
      routes: z.array(route).prefault([]).meta({ description: 'Routes.' }),
      dns: texts('DNS servers.'),
      search: texts('Search domains.'),
      mtu: number('Largest packet, in bytes.', 9000),
      mac: text('MAC address to use instead of its own.', '02:00:00:00:00:01'),
      optional: flag('The boot does not wait for it.'),
      vlan,
      bridge,
      bond,
      wifi,
    })
    .meta({ description: 'One interface.' }),
);
