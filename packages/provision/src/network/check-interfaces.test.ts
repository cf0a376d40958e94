import { describe, expect, it, test } from 'vitest';
import { checkInterfaces, toInterfaces } from './check-interfaces.ts';
import { PLAIN } from './generate.ts';
import type { InterfaceDraft } from './interface-settings.ts';

type Drafts = Readonly<Record<string, Partial<InterfaceDraft>>>;

const complete = (drafts: Drafts) =>
  Object.fromEntries(Object.entries(drafts).map(([id, one]) => [id, { ...PLAIN, ...one }]));

const problems = (drafts: Drafts) =>
  checkInterfaces(complete(drafts)).map(({ what, detail }) => `${detail.at?.join('.')}: ${what}`);

const route = (to: string, via?: string, more: object = {}) => ({
  routes: [{ to, via, onLink: false, ...more }],
});
const vlan = (id: number, link: string, more: object = {}) => ({ vlan: { id, link }, ...more });
const bridge = (...interfaces: string[]) => ({ bridge: { interfaces, stp: false } });
const bond = (interfaces: string[], more: object = {}) => ({
  bond: { interfaces, mode: 'active-backup', miiMonitorInterval: 100, ...more } as const,
});
const wifi = (more: object) => ({ wifi: { ssid: 'workshop', hidden: false, ...more } });

describe('interfaces that work together', () => {
  it.each<[string, Drafts]>([
    ['a port with both families', { eth0: { dhcp4: true, addresses: ['2001:db8::5/64'] } }],
    [
      'two addresses',
      { eth0: { addresses: ['192.0.2.5/24', '2001:db8::5/64'], gateway4: '192.0.2.1' } },
    ],
    [
      'an on-link router',
      {
        eth0: {
          addresses: ['203.0.113.9/32'],
          ...route('default', '172.31.1.1', { onLink: true }),
        },
      },
    ],
    [
      'a router through a route',
      {
        eth0: {
          addresses: ['203.0.113.9/32'],
          routes: [
            { to: '172.31.1.1/32', onLink: false },
            { to: 'default', via: '172.31.1.1', onLink: false },
          ],
        },
      },
    ],
    [
      'a router in the network of DHCP',
      { eth0: { dhcp4: true, ...route('172.16.0.0/12', '192.168.1.254') } },
    ],
    ['a link-local IPv6 router', { eth0: { addresses: ['2001:db8::5/64'], gateway6: 'fe80::1' } }],
    ['a VLAN', { eth0: {}, 'eth0.100': vlan(100, 'eth0', { dhcp4: true }) }],
    [
      'a VLAN on a bridge on a bond',
      { a: {}, b: {}, bond0: bond(['a', 'b']), br0: bridge('bond0'), lan: vlan(4094, 'br0') },
    ],
    ['the same VLAN on two ports', { a: {}, b: {}, c: vlan(5, 'a'), d: vlan(5, 'b') }],
    ['one by name, the others by pattern', { enp1s0: {}, rest: { match: { name: 'en*' } } }],
    ['patterns apart', { a: { match: { name: 'en*' } }, b: { match: { name: 'eth*' } } }],
    [
      'routes that differ in the metric',
      {
        a: { addresses: ['192.0.2.5/24'], gateway4: '192.0.2.1' },
        b: { addresses: ['198.51.100.5/24'], ...route('default', '198.51.100.1', { metric: 10 }) },
      },
    ],
    ['wireless', { wlan0: { ...wifi({ password: 'with "quotes"' }), dhcp4: true } }],
  ])('%s', (_, drafts) => {
    expect(problems(drafts)).toEqual([]);
  });
});

test.each<[Drafts, string]>([
  [{}, ': names no interface'],
  [{ lo: {} }, 'lo: "lo" is a reserved name'],
  [{ averyverylongname: {} }, 'averyverylongname: "averyverylongname" is not an interface name'],
  [{ 'a/b': { match: { name: 'eth0' } } }, 'a/b: "a/b" is not an interface name'],
  [
    { 'eth0.100': { dhcp4: true } },
    'eth0.100: "eth0.100" is the name of a VLAN, but nothing here makes it: the device would have no network',
  ],
  [{ eth0: { ...bridge(), ...wifi({}) } }, 'eth0.wifi: cannot be a bridge as well'],
  [{ eth0: { match: {} } }, 'eth0.match: has no rule'],
  [
    { eth0: { match: { name: 'a b' } } },
    'eth0.match.name: "a b" is not a name or a pattern of one',
  ],
  [
    { eth0: { match: { name: '!en*' } } },
    'eth0.match.name: "!en*" is not a name or a pattern of one',
  ],
  [
    { eth0: { match: { name: 'e[z-a]' } } },
    'eth0.match.name: "e[z-a]" is not a name or a pattern of one',
  ],
  [
    { eth0: { match: { mac: '52:54:00:12:34' } } },
    'eth0.match.mac: "52:54:00:12:34" is not a MAC address',
  ],
  [
    { eth0: { mac: '01:00:5e:00:00:01' } },
    'eth0.mac: "01:00:5e:00:00:01" is not the address of one machine',
  ],
  [{ a: {}, b: { match: { name: 'a' } } }, 'b.match: fits the same port as a'],
  [
    { a: { match: { mac: '52:54:00:AB:00:01' } }, b: { match: { mac: '52:54:00:ab:00:01' } } },
    'b.match: fits the same port as a',
  ],
  [
    { a: { match: { name: 'en*' } }, b: { match: { name: 'enp*' } } },
    'b.match: fits the same port as a',
  ],
  [
    { a: { match: { driver: 'igb' } }, b: { match: { driver: 'igb' } } },
    'b.match: fits the same port as a',
  ],
  [
    { a: {}, p: { match: { name: 'br0' } }, br0: bridge('a') },
    'p.match: has the name of br0, which is a bridge',
  ],
  [
    { a: {}, b: vlan(5, 'a', { match: { name: 'x' } }) },
    'b.match: is for ports of the machine; networkd makes this vlan',
  ],
  [
    { a: { mac: '02:00:00:00:00:01' }, b: { mac: '02:00:00:00:00:01' } },
    'b.mac: is the MAC address of a already',
  ],
  [{ eth0: { addresses: ['192.0.2.5'] } }, 'eth0.addresses.0: "192.0.2.5" has no prefix length'],
  [
    { eth0: { addresses: ['192.0.2.5/33'] } },
    'eth0.addresses.0: "192.0.2.5/33" is not an address with a prefix length',
  ],
  [
    { eth0: { addresses: ['192.0.2.0/24'] } },
    'eth0.addresses.0: "192.0.2.0/24" is the network address of its network',
  ],
  [
    { eth0: { addresses: ['224.0.0.5/24'] } },
    'eth0.addresses.0: "224.0.0.5" is a multicast address',
  ],
  [
    { a: { addresses: ['2001:db8::5/64'] }, b: { addresses: ['2001:DB8:0::5/48'] } },
    'b.addresses.0: "2001:DB8:0::5" is an address of a already',
  ],
  [
    { a: { addresses: ['192.0.2.5/24', '192.0.2.5/24'] } },
    'a.addresses.1: "192.0.2.5" is an address of this interface already',
  ],
  [
    { a: { addresses: ['192.0.2.5/24'], gateway4: '198.51.100.1' } },
    'a.gateway4: "198.51.100.1" is out of reach: outside 192.0.2.5/24',
  ],
  [
    { a: { gateway4: '192.0.2.1' } },
    'a.gateway4: "192.0.2.1" is out of reach: the interface has no IPv4 address',
  ],
  [
    { a: { addresses: ['192.0.2.5/24'], gateway4: '192.0.2.5' } },
    'a.gateway4: "192.0.2.5" is the interface\'s own address',
  ],
  [
    { a: { addresses: ['192.0.2.5/24'], gateway4: '192.0.2.255' } },
    'a.gateway4: "192.0.2.255" is the broadcast address of its network',
  ],
  [
    { a: { dhcp4: true, gateway4: '2001:db8::1' } },
    'a.gateway4: "2001:db8::1" is not an IPv4 address',
  ],
  [
    { a: { dhcp4: true, ...route('10.0.0.5/8', '192.0.2.1') } },
    'a.routes.0.to: "10.0.0.5/8" is an address in a network, not the network',
  ],
  [
    { a: { dhcp4: true, ...route('10.0.0.0/8', 'fe80::1') } },
    'a.routes.0.via: "fe80::1" is not of the family of 10.0.0.0/8',
  ],
  [{ a: { dhcp4: true, ...route('default') } }, 'a.routes.0: has no router'],
  [
    { a: { dhcp4: true, ...route('10.0.0.0/8', undefined, { onLink: true }) } },
    'a.routes.0.onLink: is about a router, but there is none',
  ],
  [
    { a: { dhcp4: true, ...route('10.0.0.0/8', '192.0.2.1', { metric: -1 }) } },
    'a.routes.0.metric: -1 is out of range',
  ],
  [
    { a: { dhcp6: true, ...route('2001:db8::/32', undefined, { scope: 'link' }) } },
    'a.routes.0.scope: is for IPv4 routes: IPv6 has no scopes',
  ],
  [
    {
      a: { addresses: ['192.0.2.5/24'], gateway4: '192.0.2.1' },
      b: { addresses: ['198.51.100.5/24'], gateway4: '198.51.100.1' },
    },
    'b.gateway4: a has a route to default with this metric already',
  ],
  [{ a: { mtu: 67 } }, 'a.mtu: 67 is out of range'],
  [{ a: { dhcp6: true, mtu: 1200 } }, 'a.mtu: 1200 is too small for IPv6, which needs 1280'],
  [{ a: {}, b: vlan(5, 'a', { mtu: 9000 }) }, 'b.mtu: 9000 is more than the 1500 of a'],
  [
    { a: { dhcp6: true, acceptRa: false } },
    'a.dhcp6: waits for router advertisements, which acceptRa refuses',
  ],
  [{ a: { dns: ['192.0.2.53/24'] } }, 'a.dns.0: "192.0.2.53/24" has a prefix length'],
  [{ a: { search: ['a b'] } }, 'a.search.0: "a b" is not a domain'],
  [{ a: {}, b: vlan(4095, 'a') }, 'b.vlan.id: 4095 is out of range'],
  [{ b: vlan(5, 'a') }, 'b.vlan.link: "a" is not an interface of this network'],
  [{ a: {}, b: vlan(5, 'a'), c: vlan(5, 'a') }, 'c.vlan.id: b is VLAN 5 of a already'],
  [
    { a: {}, w: wifi({}), b: vlan(5, 'w') },
    'b.vlan.link: "w" is wireless, and cannot carry a VLAN',
  ],
  [{ a: {}, bond0: bond(['a']), b: vlan(5, 'a') }, 'b.vlan.link: "a" is a port of the bond bond0'],
  [{ x: vlan(5, 'y'), y: vlan(6, 'x') }, 'x: is part of itself: these interfaces form a circle'],
  [
    { br0: bridge('constructor') },
    'br0.bridge.interfaces.0: "constructor" is not an interface of this network',
  ],
  [
    { a: {}, br0: bridge('a'), br1: bridge('a') },
    'br1.bridge.interfaces.0: "a" is a port of br0 already',
  ],
  [{ a: { dhcp4: true }, br0: bridge('a') }, 'a.dhcp4: has no effect: a is a port of br0'],
  [
    { w: wifi({}), br0: bridge('w') },
    'br0.bridge.interfaces.0: "w" is a wifi, which cannot be a port of a bridge',
  ],
  [{ b: bond([]) }, 'b.bond.interfaces: has no port'],
  [
    { a: {}, c: {}, b: bond(['a'], { primary: 'c' }) },
    'b.bond.primary: "c" is not a port of this bond',
  ],
  [
    { a: {}, b: bond(['a'], { primary: 'a', mode: 'balance-rr' }) },
    'b.bond.primary: has no effect in mode balance-rr',
  ],
  [
    { a: {}, b: bond(['a'], { lacpRate: 'fast' }) },
    'b.bond.lacpRate: has no effect in mode active-backup',
  ],
  [
    { a: {}, b: { bridge: { interfaces: ['a'], stp: true, forwardDelay: 1 } } },
    'b.bridge.forwardDelay: 1 is out of range',
  ],
  [{ w: wifi({ ssid: 'x'.repeat(33) }) }, 'w.wifi.ssid: has 33 bytes'],
  [
    { w: wifi({ password: 'short' }) },
    'w.wifi.password: is not a passphrase of 8 to 63 ASCII characters (value not shown)',
  ],
  [
    { w: wifi({ regulatoryDomain: 'de' }) },
    'w.wifi.regulatoryDomain: is not the code of a country',
  ],
])('%j is refused', (drafts, problem) => {
  expect(problems(drafts)).toEqual([problem]);
});

test('gateways become default routes', () => {
  const drafts = complete({
    eth0: { addresses: ['192.0.2.5/24'], gateway4: '192.0.2.1', gateway6: 'fe80::1' },
  });
  expect(toInterfaces(drafts)['eth0']?.routes).toEqual([
    { to: 'default', via: '192.0.2.1', onLink: false },
    { to: 'default', via: 'fe80::1', onLink: false },
  ]);
});
