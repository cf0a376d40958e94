/** How a machine gets its address. */
export type NetworkSettings = DhcpNetwork | StaticNetwork;

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
