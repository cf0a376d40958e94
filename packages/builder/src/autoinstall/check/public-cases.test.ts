import { expect, test } from 'vitest';
import { lintSeed } from './lint-seed.ts';

/**
 * Seeds from public reports that once got a wrong verdict; the expected ones are those of the real
 * programs.
 */
const HEAD = `#cloud-config
autoinstall:
  version: 1
  identity: {hostname: gw1, username: ops, password: '*'}
  ssh:
    install-server: true
    allow-pw: false
    authorized-keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFE2pdgXi1lB9pR2kTuzFY5O8dRCGLrrsNE4Y0fQrx3t ops@example]
`;

function errorsOf(below: string): readonly string[] {
  const text = HEAD + below.replaceAll(/^(?=.)/gm, '  ');
  const { findings } = lintSeed(text, { file: 'user-data', installer: 'subiquity' });
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, path }) => `${rule} ${path}`.trim());
}

const network = (devices: string) =>
  `network:\n  version: 2\n${devices.replaceAll(/^(?=.)/gm, '  ')}`;
const lan = (keys: string) => network(`ethernets: {lan: {optional: true, ${keys}}}`);
const LAN = 'autoinstall.network.ethernets.lan';

test.each([
  // YAML 1.1.
  [
    'a MAC address of digits',
    lan('match: {macaddress: 52:54:00:12:34:56}'),
    [`network-value ${LAN}.match.macaddress`],
  ],
  ['the same in quotes', lan("match: {macaddress: '52:54:00:12:34:56'}"), []],
  [
    'y and n',
    'codecs: {install: y}\ndrivers: {install: n}',
    ['schema autoinstall.codecs.install', 'schema autoinstall.drivers.install'],
  ],
  ['yes and no', 'codecs: {install: yes}\ndrivers: {install: no}', []],
  ['a tab behind a value', 'timezone: Etc/UTC\t# the clock', ['syntax']],
  [
    'a colon first in braces',
    lan("addresses: ['2001:db8::5/64'], routes: [{to: ::/0, via: 2001:db8::1}]"),
    ['syntax'],
  ],
  [
    'the same in quotes',
    lan("addresses: ['2001:db8::5/64'], routes: [{to: '::/0', via: '2001:db8::1'}]"),
    [],
  ],
  ['a number with a leading zero is text', 'proxy: 0815', []],
  ['an octal number is none', 'proxy: 0755', ['schema autoinstall.proxy']],
  // Values that Subiquity refuses when it reads them, although its schema accepts them.
  ['a keyboard of no country', 'keyboard: {layout: xx}', ['keyboard autoinstall.keyboard.layout']],
  [
    'two layouts, one variant',
    'keyboard: {layout: "us,de", variant: nodeadkeys}',
    ['keyboard autoinstall.keyboard.variant'],
  ],
  [
    'two layouts without variants',
    'keyboard: {layout: "us,de"}',
    ['keyboard autoinstall.keyboard.layout'],
  ],
  ['two layouts, two variants', 'keyboard: {layout: "us,de", variant: ",nodeadkeys"}', []],
  ['a city of no zone', 'timezone: Europe/Nowhere', ['time-zone autoinstall.timezone']],
  ['a time zone in small letters', 'timezone: europe/berlin', ['time-zone autoinstall.timezone']],
  ['an offset as time zone', "timezone: '+01:00'", ['time-zone autoinstall.timezone']],
  ['an older name of a time zone', 'timezone: US/Eastern', []],
  ['a time zone without area', 'timezone: CET', []],
  ['the time zone of the place', 'timezone: geoip', []],
  [
    'mirrors in both forms',
    'apt: {primary: [], mirror-selection: {primary: [country-mirror]}}',
    ['apt-mirrors autoinstall.apt.primary'],
  ],
  // Routes.
  [
    'a route through the network of DHCP',
    lan('dhcp4: true, addresses: [10.9.0.5/24], routes: [{to: 172.16.0.0/12, via: 192.168.1.254}]'),
    [],
  ],
  [
    'a route to the router first',
    lan(
      'addresses: [203.0.113.9/32], routes: [{to: 172.31.1.1/32, scope: link}, {to: default, via: 172.31.1.1}]',
    ),
    [],
  ],
  [
    'a router on the link',
    lan('addresses: [203.0.113.9/32], routes: [{to: default, via: 172.31.1.1, on-link: true}]'),
    [],
  ],
  [
    'a router advertisement may bring the network',
    lan("addresses: ['2001:db8::5/64'], routes: [{to: default, via: '2001:db8:1::1'}]"),
    [],
  ],
  [
    'a router that nothing leads to',
    lan('addresses: [10.9.0.5/24], routes: [{to: default, via: 192.168.1.254}]'),
    [`network-router ${LAN}.routes[0].via`],
  ],
  // What netplan refuses.
  [
    'a bond of devices that are not there',
    network('bonds: {bond0: {interfaces: [eno1, eno2], dhcp4: true}}'),
    [
      'network-reference autoinstall.network.bonds.bond0.interfaces[0]',
      'network-reference autoinstall.network.bonds.bond0.interfaces[1]',
    ],
  ],
  [
    'a bond of devices that are',
    network(
      'ethernets: {eno1: {optional: true}, eno2: {optional: true}}\nbonds: {bond0: {interfaces: [eno1, eno2], dhcp4: true}}',
    ),
    [],
  ],
  [
    'a VLAN over nothing',
    network('vlans: {vlan10: {id: 10, link: eno1, addresses: [10.0.10.5/24]}}'),
    ['network-reference autoinstall.network.vlans.vlan10.link'],
  ],
  [
    'gateway in a route',
    lan('addresses: [10.0.0.5/24], routes: [{to: default, gateway: 10.0.0.1}]'),
    [`network-key ${LAN}.routes[0]`, `network-key ${LAN}.routes[0].gateway`],
  ],
  [
    'one name server without its list',
    lan('dhcp4: true, nameservers: {address: [192.0.2.53]}'),
    [`network-key ${LAN}.nameservers.address`],
  ],
  ['a word for a number', lan('dhcp4: true, mtu: jumbo'), [`network-value ${LAN}.mtu`]],
  ['a float for a number', lan('dhcp4: true, mtu: 1500.0'), [`network-value ${LAN}.mtu`]],
  ['words for truth, as text', lan("dhcp4: 'yes', dhcp6: n"), []],
])('%s', (_, below, expected) => {
  expect(errorsOf(below)).toEqual(expected);
});

test('ids such as e0 are strings', () => {
  const storage = `storage:
  config:
    - {type: disk, id: d0, ptable: gpt, match: {size: largest}, wipe: superblock, grub_device: true}
    - {type: partition, id: b0, device: d0, size: 1M, flag: bios_grub}
    - {type: partition, id: e0, device: d0, size: 512M, flag: boot, grub_device: true}
    - {type: format, id: fe0, volume: e0, fstype: fat32}
    - {type: mount, id: me0, device: fe0, path: /boot/efi}
    - {type: partition, id: e1, device: d0, size: -1}
    - {type: format, id: fe1, volume: e1, fstype: ext4}
    - {type: mount, id: me1, device: fe1, path: /}
`;
  expect(errorsOf(storage)).toEqual([]);
});
