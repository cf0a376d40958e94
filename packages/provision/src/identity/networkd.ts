import { isAlone } from '../values/ip-network.ts';
import type { DhcpNetwork, StaticNetwork } from './network-settings.ts';

/**
 * A systemd.network(5) file for a network of one port, or of all with DHCP. In a network of a single address the router is marked
 * as on-link, because it cannot be inside the network.
 */
export function networkdFile(network: DhcpNetwork | StaticNetwork): string {
  const match = network.interface
    ? [`Name=${network.interface}`]
    : // Every wired port, but not the virtual ends containers and bridges add later.
      ['Type=ether', 'Kind=!*'];
  const isOnLink = network.kind === 'static' && network.gateway !== undefined && isAlone(network);
  const settings =
    network.kind === 'dhcp'
      ? ['DHCP=yes']
      : [
          `Address=${network.address}/${network.prefix}`,
          ...(network.gateway && !isOnLink ? [`Gateway=${network.gateway}`] : []),
          ...network.dns.map((server) => `DNS=${server}`),
        ];
  return [
    '[Match]',
    ...match,
    '',
    '[Network]',
    ...settings,
    // Uses the MAC address, so a reinstalled machine keeps its lease.
    ...(isOnLink ? ['', '[Route]', `Gateway=${network.gateway}`, 'GatewayOnLink=yes'] : []),
    ...(network.kind === 'dhcp' ? ['', '[DHCPv4]', 'ClientIdentifier=mac'] : []),
    '',
  ].join('\n');
}
