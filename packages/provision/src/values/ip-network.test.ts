import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  checkAddress,
  checkGateway,
  checkHostAddress,
  checkInterface,
  checkNetworkAddress,
} from './ip-network.ts';

const network = (address: string, prefix: number, gateway?: string) =>
  ({ kind: 'static', interface: 'eth0', address, prefix, gateway }) as const;

test.each(['192.0.2.10', '10.0.0.1', '2001:db8::1', 'fe80::1', 'fd00::10'])(
  '%s is a host',
  (address) => {
    expect(checkHostAddress(address)).toBeUndefined();
  },
);

test.each([
  ['', 'not an IP address'],
  ['192.0.2', 'not an IP address'],
  ['192.0.2.256', 'not an IP address'],
  ['fe80::1%eth0', 'not an IP address'],
  ['192.0.2.1/24', 'has a prefix length'],
  ['0.0.0.0', 'unspecified'],
  ['::', 'unspecified'],
  ['127.0.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['224.0.0.1', 'multicast'],
  ['ff02::1', 'multicast'],
  ['255.255.255.255', 'reserved'],
  ['::ffff:192.0.2.1', 'IPv4 address in IPv6 form'],
])('%j is not a host address: %s', (address, why) => {
  expect(checkHostAddress(address)?.what).toContain(why);
});

test('a resolver on the device itself may serve DNS', () => {
  expect(checkAddress('127.0.0.53')).toBeUndefined();
});

test.each(['lo', '', 'a b', 'eth0/1', '-eth', 'sixteen_letters_', 'en*'])(
  '%j is no interface',
  (name) => {
    expect(checkInterface(name)).toBeDefined();
  },
);

test.each([
  ['192.0.2.0', 24, 'network'],
  ['192.0.2.255', 24, 'broadcast'],
  ['192.0.2.128', 25, 'network'],
  ['192.0.2.127', 25, 'broadcast'],
  ['10.0.0.0', 8, 'network'],
  ['2001:db8::', 64, 'network'],
  ['192.0.2.10', 33, 'out of range'],
])('%s/%d is refused: %s', (address, prefix, why) => {
  expect(checkNetworkAddress(network(address, prefix))?.what).toContain(why);
});

test.each([
  ['192.0.2.0', 31],
  ['192.0.2.0', 32],
  ['192.0.2.255', 23],
  ['192.0.3.0', 23],
  ['2001:db8::', 127],
  ['2001:db8::ffff:ffff:ffff:ffff', 64],
] as const)('%s/%d is accepted', (address, prefix) => {
  const problem = checkNetworkAddress(network(address, prefix));
  expect(problem?.what).toBe(undefined);
});

test.each([
  ['192.0.2.10', 24, '192.0.3.1', 'outside'],
  ['192.0.2.10', 24, '192.0.2.10', 'own address'],
  ['192.0.2.10', 24, '192.0.2.0', 'network address'],
  ['192.0.2.10', 24, '192.0.2.255', 'broadcast address'],
  ['192.0.2.10', 24, '2001:db8::1', 'family'],
  ['2001:db8::10', 64, '2001:db8:0:1::1', 'outside'],
  ['2001:db8::10', 64, '2001:0db8::0010', 'own address'],
])('%s/%d with gateway %s is refused: %s', (address, prefix, gateway, why) => {
  expect(checkGateway(network(address, prefix, gateway))?.what).toContain(why);
});

test.each([
  ['203.0.113.9', 32, '172.31.1.1'],
  ['2001:db8::9', 128, '2001:db8:1::1'],
  ['203.0.113.9', 24, undefined],
] as const)('%s/%d with gateway %s is accepted', (address, prefix, gateway) => {
  expect(checkGateway(network(address, prefix, gateway))).toBeUndefined();
});

test.each([
  ['203.0.113.9', 32],
  ['2001:db8::9', 128],
] as const)('%s/%d without a gateway is refused: nobody could be reached', (address, prefix) => {
  expect(checkGateway(network(address, prefix))?.what).toContain('no gateway');
});

test.each([
  ...['eth0.100', 'enp1s0.10', 'vlan10', 'bond0', 'br0', 'wlan0', 'wlp2s0', 'wg0', 'tun0'],
  ...['veth1', 'dummy0', 'wwan0', 'ppp0', 'docker0', 'team0'],
])('%s is refused: the image does not make such an interface', (name) => {
  expect(checkInterface(name)?.what).toContain('no network');
});

test.each([
  'eth0',
  'enp1s0',
  'eno1',
  'ens160',
  'enx525400123456',
  'lan',
  'wan',
  'bridge-port',
  'en_1',
])('accepts %s', (name) => {
  expect(checkInterface(name)).toBeUndefined();
});

test('an IPv6 router may be link-local', () => {
  expect(checkGateway(network('2001:db8::10', 64, 'fe80::a:1'))).toBeUndefined();
});

const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
const bitsOf = (parts: readonly number[], width: number) =>
  parts.map((part) => part.toString(2).padStart(width, '0')).join('');

test('IPv4: the address is refused exactly if its host bits are all 0 or all 1', () => {
  fc.assert(
    fc.property(octets, fc.integer({ min: 1, max: 32 }), (parts, prefix) => {
      const host = bitsOf(parts, 8).slice(prefix);
      const special = host.length >= 2 && /^(?:0+|1+)$/.test(host);
      expect(checkNetworkAddress(network(parts.join('.'), prefix)) !== undefined).toBe(special);
    }),
    { numRuns: 500 },
  );
});

test('IPv6: the address is refused exactly if its host bits are all 0', () => {
  const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
  fc.assert(
    fc.property(
      fc.array(group, { minLength: 8, maxLength: 8 }),
      fc.integer({ min: 1, max: 128 }),
      (parts, prefix) => {
        const address = parts.map((part) => part.toString(16)).join(':');
        const host = bitsOf(parts, 16).slice(prefix);
        const special = host.length >= 2 && /^0+$/.test(host);
        expect(checkNetworkAddress(network(address, prefix)) !== undefined).toBe(special);
      },
    ),
    { numRuns: 500 },
  );
});

test('IPv4: the gateway is outside exactly if its network bits differ', () => {
  fc.assert(
    fc.property(octets, octets, fc.integer({ min: 1, max: 32 }), (parts, other, prefix) => {
      // Half of the gateways share the leading octets; otherwise almost none would be inside.
      const near = other.map((octet, index) =>
        index * 8 < prefix - 8 ? (parts[index] ?? 0) : octet,
      );
      const inside =
        prefix === 32 || bitsOf(parts, 8).slice(0, prefix) === bitsOf(near, 8).slice(0, prefix);
      const problem = checkGateway(network(parts.join('.'), prefix, near.join('.')));
      expect(problem?.what.includes('outside') ?? false).toBe(!inside);
    }),
    { numRuns: 500 },
  );
});
