import { expect, test } from 'vitest';
import { networkSection } from './network-section.ts';

const DHCP = { dhcp4: true, dhcp6: true, optional: true };

test('uses DHCP on every wired device, and does not wait for any', () => {
  expect(networkSection({ kind: 'dhcp', interface: undefined })).toEqual({
    version: 2,
    ethernets: {
      'wired-en': { match: { name: 'en*' }, ...DHCP },
      'wired-eth': { match: { name: 'eth*' }, ...DHCP },
    },
  });
});

test('uses only the named device', () => {
  expect(networkSection({ kind: 'dhcp', interface: 'enp3s0' }).ethernets).toEqual({
    wired: { match: { name: 'enp3s0' }, ...DHCP },
  });
});

test('sets a static address with routes, and no gateway4', () => {
  expect(
    networkSection({
      kind: 'static',
      interface: 'eth0',
      address: '192.0.2.10',
      prefix: 24,
      gateway: '192.0.2.1',
      dns: ['192.0.2.53', '2001:db8::53'],
    }).ethernets,
  ).toEqual({
    wired: {
      match: { name: 'eth0' },
      dhcp4: false,
      dhcp6: false,
      addresses: ['192.0.2.10/24'],
      routes: [{ to: 'default', via: '192.0.2.1' }],
      nameservers: { addresses: ['192.0.2.53', '2001:db8::53'] },
      optional: true,
    },
  });
});

test('leaves out keys that a static network does not set', () => {
  const network = {
    kind: 'static',
    interface: 'eth0',
    address: '2001:db8::10',
    prefix: 64,
  } as const;
  expect(networkSection({ ...network, gateway: undefined, dns: [] }).ethernets['wired']).toEqual({
    match: { name: 'eth0' },
    dhcp4: false,
    dhcp6: false,
    addresses: ['2001:db8::10/64'],
    optional: true,
  });
});
