/** One interface of a network: a port of the machine, a radio, or one that networkd makes. */
export interface InterfaceSettings {
  /** The port; undefined: the one that has the id as its name. */
  readonly match?: InterfaceMatch | undefined;
  readonly dhcp4: boolean;
  readonly dhcp6: boolean;
  /** IPv6 router advertisements; undefined: networkd's default, which accepts them. */
  readonly acceptRa?: boolean | undefined;
  /** IPv4 and IPv6 addresses with prefix lengths. */
  readonly addresses: readonly string[];
  readonly routes: readonly RouteSettings[];
  readonly mtu?: number | undefined;
  /** The MAC address to use instead of the interface's own. */
  readonly mac?: string | undefined;
  readonly dns: readonly string[];
  /** Search domains. */
  readonly search: readonly string[];
  /** The boot does not wait for it. */
  readonly optional: boolean;
  /** At most one of the following; none: an Ethernet port. */
  readonly vlan?: VlanSettings | undefined;
  readonly bridge?: BridgeSettings | undefined;
  readonly bond?: BondSettings | undefined;
  readonly wifi?: WifiSettings | undefined;
}

/** What an interface must fit; at least one key. Name, driver and path may contain wildcards. */
export interface InterfaceMatch {
  readonly name?: string | undefined;
  /** The permanent MAC address. */
  readonly mac?: string | undefined;
  readonly driver?: string | undefined;
  /** udev's ID_PATH, such as `pci-0000:02:00.0`. */
  readonly path?: string | undefined;
}

export const ROUTE_SCOPES = ['global', 'link', 'host'] as const;

export interface RouteSettings {
  /** `default`, or a network with its prefix length. */
  readonly to: string;
  /** The router; undefined: the network is on the link. */
  readonly via?: string | undefined;
  readonly metric?: number | undefined;
  /** The router is outside the interface's networks, on the same link. */
  readonly onLink: boolean;
  readonly scope?: (typeof ROUTE_SCOPES)[number] | undefined;
}

export interface VlanSettings {
  readonly id: number;
  /** Id of the interface that carries it. */
  readonly link: string;
}

export interface BridgeSettings {
  /** Ids of its ports. */
  readonly interfaces: readonly string[];
  readonly stp: boolean;
  readonly priority?: number | undefined;
  /** Seconds; likewise below. */
  readonly forwardDelay?: number | undefined;
  readonly helloTime?: number | undefined;
  readonly maxAge?: number | undefined;
  readonly ageingTime?: number | undefined;
}

export const BOND_MODES = [
  ...(['balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad'] as const),
  ...(['balance-tlb', 'balance-alb'] as const),
] as const;

export const LACP_RATES = ['slow', 'fast'] as const;

export const HASH_POLICIES = ['layer2', 'layer3+4', 'layer2+3', 'encap2+3', 'encap3+4'] as const;

export interface BondSettings {
  /** Ids of its ports, at least one. */
  readonly interfaces: readonly string[];
  readonly mode: (typeof BOND_MODES)[number];
  /** Milliseconds between two looks at the links of the ports. */
  readonly miiMonitorInterval: number;
  /** Id of the preferred port. */
  readonly primary?: string | undefined;
  readonly lacpRate?: (typeof LACP_RATES)[number] | undefined;
  readonly transmitHashPolicy?: (typeof HASH_POLICIES)[number] | undefined;
  readonly minLinks?: number | undefined;
}

export interface WifiSettings {
  readonly ssid: string;
  /** Secret: a passphrase or 64 hexadecimal digits; undefined: an open network. */
  readonly password?: string | undefined;
  /** The access point does not send its name. */
  readonly hidden: boolean;
  /** Two capital letters, ISO 3166. */
  readonly regulatoryDomain?: string | undefined;
}

/** What an interface is. */
export type InterfaceKind = 'ethernet' | 'vlan' | 'bridge' | 'bond' | 'wifi';

export function kindOf(settings: InterfaceSettings): InterfaceKind {
  const { vlan, bridge, bond, wifi } = settings;
  return vlan ? 'vlan' : bridge ? 'bridge' : bond ? 'bond' : wifi ? 'wifi' : 'ethernet';
}

/** Ids of the interfaces that are ports of a bridge or bond. */
export function membersOf({ bridge, bond }: InterfaceSettings): readonly string[] {
  return (bridge ?? bond)?.interfaces ?? [];
}

/** Interfaces by id. */
export type Interfaces = Readonly<Record<string, InterfaceSettings>>;

/** An interface as people write it: gateways may stand beside the routes. */
export interface InterfaceDraft extends InterfaceSettings {
  readonly gateway4?: string | undefined;
  readonly gateway6?: string | undefined;
}

/** Interfaces before their gateways have become routes. */
export type InterfaceDrafts = Readonly<Record<string, InterfaceDraft>>;
