import type { NetworkSettings } from './network-settings.ts';

/** A systemd.network(5) file for the config. */
export function networkdFile(network: NetworkSettings): string {
  const match = network.interface
    ? [`Name=${network.interface}`]
    : // Every wired port, but not the virtual ends containers and bridges add later.
      ['Type=ether', 'Kind=!*'];
  const settings =
    network.kind === 'dhcp'
      ? ['DHCP=yes']
      : [
          `Address=${network.address}/${network.prefix}`,
          ...(network.gateway ? [`Gateway=${network.gateway}`] : []),
          ...network.dns.map((server) => `DNS=${server}`),
        ];
  return [
    '[Match]',
    ...match,
    '',
    '[Network]',
    ...settings,
    // The MAC address, so that a reinstalled machine keeps its lease.
    ...(network.kind === 'dhcp' ? ['', '[DHCPv4]', 'ClientIdentifier=mac'] : []),
    '',
  ].join('\n');
}
