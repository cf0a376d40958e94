import type { InterfaceSettings } from '../network/interface-settings.ts';

/** How a machine gets its address. */
export type NetworkSettings = DhcpNetwork | StaticNetwork | InterfacesNetwork | NoNetwork;

export interface DhcpNetwork {
  readonly kind: 'dhcp';
  /** undefined: every wired interface. */
  readonly interface: string | undefined;
}

export interface StaticNetwork {
  readonly kind: 'static';
  readonly interface: string;
  /** IPv4 or IPv6, without a prefix length. */
  readonly address: string;
  /** 1–32 for IPv4, 1–128 for IPv6. */
  readonly prefix: number;
  readonly gateway: string | undefined;
  readonly dns: readonly string[];
}

/** Several interfaces, each with settings of its own. */
export interface InterfacesNetwork {
  readonly kind: 'interfaces';
  /** By id, at least one; the id of a VLAN, bridge or bond is its name. */
  readonly interfaces: Readonly<Record<string, InterfaceSettings>>;
}

/** No network files: the product has its own. */
export interface NoNetwork {
  readonly kind: 'none';
}
