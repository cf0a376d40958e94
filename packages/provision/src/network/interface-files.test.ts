import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interfaceSets, PLAIN, renamed } from './generate.ts';
import { interfaceFiles, isAwaited } from './interface-files.ts';
import type { Interfaces } from './interface-settings.ts';
import { canStartNetworkd, complaintsOf } from './networkd-oracle.ts';

/** How many networks are compared, always the same; others, by thousands: MICRO_LINUX_NETWORKD_RUNS=5000. */
const ASKED = process.env['MICRO_LINUX_NETWORKD_RUNS'];
const RUNS = Number(ASKED ?? 100);

if (!canStartNetworkd) {
  console.warn('SKIPPED: systemd-networkd cannot be started in namespaces here');
}

const files = (interfaces: Interfaces) =>
  Object.fromEntries(interfaceFiles(interfaces).map(({ name, content }) => [name, content]));

describe('files of systemd-networkd', () => {
  it('sets addresses of both families, routes, name servers and the MTU of a port', () => {
    const lan = {
      ...PLAIN,
      match: { mac: '52:54:00:AB:00:01' },
      addresses: ['192.0.2.10/24', '2001:db8::10/64'],
      routes: [
        { to: 'default', via: '192.0.2.1', onLink: false, metric: 100 },
        { to: '198.51.100.0/24', via: '203.0.113.1', onLink: true },
      ],
      dns: ['192.0.2.53'],
      search: ['a.example', 'b.example'],
      mtu: 1400,
    };
    expect(files({ lan })).toEqual({
      '10-lan.network': `[Match]
PermanentMACAddress=52:54:00:ab:00:01

[Link]
MTUBytes=1400

[Network]
Address=192.0.2.10/24
Address=2001:db8::10/64
DNS=192.0.2.53
Domains=a.example b.example

[Route]
Destination=0.0.0.0/0
Gateway=192.0.2.1
Metric=100

[Route]
Destination=198.51.100.0/24
Gateway=203.0.113.1
GatewayOnLink=yes
`,
    });
  });

  it('makes a VLAN on a port, a bridge and a bond', () => {
    const made = files({
      eth0: { ...PLAIN, dhcp4: true },
      eth1: PLAIN,
      eth2: PLAIN,
      office: { ...PLAIN, dhcp4: true, vlan: { id: 7, link: 'eth0' } },
      br0: {
        ...PLAIN,
        dhcp4: true,
        mac: '02:00:00:00:00:01',
        bridge: { interfaces: ['eth1'], stp: false },
      },
      bond0: {
        ...PLAIN,
        dhcp6: true,
        bond: {
          interfaces: ['eth2'],
          mode: 'active-backup',
          miiMonitorInterval: 100,
          primary: 'eth2',
        },
      },
    });
    expect(made['10-eth0.network']).toContain('DHCP=ipv4\nVLAN=office\n');
    expect(made['10-office.netdev']).toBe('[NetDev]\nName=office\nKind=vlan\n\n[VLAN]\nId=7\n');
    expect(made['10-eth1.network']).toContain('Bridge=br0\nLinkLocalAddressing=no\n');
    expect(made['10-br0.netdev']).toContain('Kind=bridge\nMACAddress=02:00:00:00:00:01\n');
    expect(made['10-eth2.network']).toContain(
      'Bond=bond0\nLinkLocalAddressing=no\nPrimarySlave=yes\n',
    );
    expect(made['10-bond0.netdev']).toContain('Mode=active-backup\nMIIMonitorSec=100ms\n');
  });

  it('puts a pattern after the ports that are named, and fits nothing that is made', () => {
    const made = files({
      rest: { ...PLAIN, match: { name: 'en*' }, dhcp4: true },
      enp1s0: { ...PLAIN, addresses: ['192.0.2.10/24'] },
    });
    expect(Object.keys(made).sort()).toEqual(['10-enp1s0.network', '20-rest.network']);
    expect(made['20-rest.network']).toContain('Name=en*\nType=ether\nKind=!*\n');
  });

  it('names a radio after its id', () => {
    const wifi = { ssid: 'workshop', password: 'not a secret', hidden: false };
    const made = files({ wlan0: { ...PLAIN, dhcp4: true, match: { driver: 'iwlwifi' }, wifi } });
    expect(made['10-wlan0.link']).toBe(
      '[Match]\nType=wlan\nDriver=iwlwifi\n\n[Link]\nName=wlan0\n',
    );
    expect(JSON.stringify(made)).not.toContain('not a secret');
  });

  it('lets the boot wait only for what can get an address of its own', () => {
    const interfaces = {
      eth0: { ...PLAIN, dhcp4: true },
      eth1: { ...PLAIN, dhcp4: true, optional: true },
      eth2: PLAIN,
      br0: { ...PLAIN, addresses: ['192.0.2.10/24'], bridge: { interfaces: ['eth2'], stp: false } },
    };
    expect(Object.keys(interfaces).filter((id) => isAwaited(id, interfaces))).toEqual([
      'eth0',
      'br0',
    ]);
  });

  it.skipIf(!canStartNetworkd)(
    'are read by networkd without a complaint',
    () => {
      const seed = ASKED === undefined ? { seed: 1 } : {};
      const sets = fc
        .sample(interfaceSets, { numRuns: RUNS, ...seed })
        .map((one, index) => renamed(one, `n${index}`));
      const all = sets.flatMap(interfaceFiles);
      if (ASKED !== undefined) {
        console.info(`${sets.length} networks, ${all.length} files`);
      }
      expect(
        complaintsOf([{ name: '99-probe.network', content: '[Network]\nFoo=1\n' }]),
      ).not.toEqual([]);
      expect(complaintsOf(all).slice(0, 12)).toEqual([]);
    },
    600_000,
  );
});
