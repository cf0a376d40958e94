import type { DhcpNetwork, NetworkSettings, StaticNetwork } from '../identity/network-settings.ts';
import { isAlone } from '../values/ip-network.ts';
import { type DeviceGroups, deviceGroups } from './interface-devices.ts';

/** A route to the router. */
export interface NetplanRoute {
  readonly to: 'default';
  readonly via: string;
  /** The router is outside the network, on the same link. */
  readonly 'on-link'?: true;
}

/** One device in netplan's format. */
export interface NetplanDevice {
  /** By name: rules on drivers or addresses make cloud-init wait for devices that never appear. */
  readonly match: { readonly name: string };
  readonly dhcp4: boolean;
  readonly dhcp6: boolean;
  readonly addresses?: readonly string[];
  readonly routes?: readonly NetplanRoute[];
  readonly nameservers?: { readonly addresses: readonly string[] };
  /** The boot does not wait for it. */
  readonly optional: true;
}

/** A network of one port, or of every wired one. */
export interface SimpleSection {
  readonly version: 2;
  readonly ethernets: Readonly<Record<string, NetplanDevice>>;
}

/**
 * Several interfaces, or none. The renderer, which is netplan's default anyway, tells them apart from a
 * {@link SimpleSection}: an agent that only knows simple ones refuses the key.
 */
export interface InterfacesSection extends DeviceGroups {
  readonly version: 2;
  readonly renderer: typeof RENDERER;
}

export type NetworkSection = SimpleSection | InterfacesSection;

/** Marks an {@link InterfacesSection}. */
export const RENDERER = 'networkd';

/**
 * Names that Linux gives to wired interfaces: by location, and the plain names of some virtual
 * machines.
 */
const WIRED = { 'wired-en': 'en*', 'wired-eth': 'eth*' };

/** {@link WIRED} without the ids. */
export const WIRED_NAMES: readonly string[] = Object.values(WIRED);

/** The network section, netplan's version 2. */
export function networkSection(network: DhcpNetwork | StaticNetwork): SimpleSection;
export function networkSection(network: NetworkSettings): NetworkSection;
export function networkSection(network: NetworkSettings): NetworkSection {
  if (network.kind === 'none') {
    return { version: 2, renderer: RENDERER };
  }
  if (network.kind === 'interfaces') {
    return { version: 2, renderer: RENDERER, ...deviceGroups(network.interfaces) };
  }
  const names = network.interface === undefined ? WIRED : { wired: network.interface };
  return {
    version: 2,
    ethernets: Object.fromEntries(
      Object.entries(names).map(([id, name]) => [id, device(network, name)]),
    ),
  };
}

function device(network: DhcpNetwork | StaticNetwork, name: string): NetplanDevice {
  const match = { name };
  if (network.kind === 'dhcp') {
    return { match, dhcp4: true, dhcp6: true, optional: true };
  }
  const { address, prefix, gateway, dns } = network;
  return {
    match,
    dhcp4: false,
    dhcp6: false,
    addresses: [`${address}/${prefix}`],
    ...(gateway === undefined
      ? {}
      : {
          routes: [
            { to: 'default', via: gateway, ...(isAlone(network) ? { 'on-link': true } : {}) },
          ],
        }),
    ...(dns.length === 0 ? {} : { nameservers: { addresses: dns } }),
    optional: true,
  };
}
