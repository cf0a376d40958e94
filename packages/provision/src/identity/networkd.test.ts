import { expect, it } from 'vitest';
import { networkdFile } from './networkd.ts';

it('uses DHCP on every wired port', () => {
  expect(networkdFile({ kind: 'dhcp', interface: undefined })).toBe(
    '[Match]\nType=ether\nKind=!*\n\n[Network]\nDHCP=yes\n\n[DHCPv4]\nClientIdentifier=mac\n',
  );
});

it('uses only the named port', () => {
  expect(networkdFile({ kind: 'dhcp', interface: 'enp3s0' })).toContain('[Match]\nName=enp3s0\n');
});

it('sets a static address with gateway and name servers', () => {
  const file = networkdFile({
    kind: 'static',
    interface: 'eth0',
    address: '192.168.1.10',
    prefix: 24,
    gateway: '192.168.1.1',
    dns: ['9.9.9.9', '2620:fe::fe'],
  });
  expect(file).toBe(
    '[Match]\nName=eth0\n\n[Network]\nAddress=192.168.1.10/24\nGateway=192.168.1.1\nDNS=9.9.9.9\nDNS=2620:fe::fe\n',
  );
});

it.each([
  ['203.0.113.9', 32, '172.31.1.1'],
  ['2001:db8::9', 128, '2001:db8:1::1'],
] as const)('reaches the router of %s/%d on the same link', (address, prefix, gateway) => {
  const file = networkdFile({
    kind: 'static',
    interface: 'eth0',
    address,
    prefix,
    gateway,
    dns: [],
  });
  expect(file).toBe(
    `[Match]\nName=eth0\n\n[Network]\nAddress=${address}/${prefix}\n\n[Route]\nGateway=${gateway}\nGatewayOnLink=yes\n`,
  );
});
