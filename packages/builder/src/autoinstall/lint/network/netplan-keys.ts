/** Keys of a network in netplan's version 2. */
export const NETWORK_KEYS: readonly string[] = [
  ...[
    'version',
    'renderer',
    'ethernets',
    'modems',
    'wifis',
    'bridges',
    'bonds',
    'tunnels',
    'vlans',
  ],
  ...['vrfs', 'dummy-devices', 'virtual-ethernets', 'nm-devices', 'openvswitch'],
];

/** Groups of devices among them. */
export const DEVICE_GROUPS: readonly string[] = [
  ...['ethernets', 'modems', 'wifis', 'bridges', 'bonds', 'tunnels', 'vlans', 'vrfs'],
  ...['dummy-devices', 'virtual-ethernets'],
];

/** Keys of every device. */
const COMMON = [
  ...['renderer', 'dhcp4', 'dhcp6', 'ipv6-mtu', 'ipv6-privacy', 'link-local', 'ignore-carrier'],
  ...[
    'critical',
    'dhcp-identifier',
    'dhcp4-overrides',
    'dhcp6-overrides',
    'accept-ra',
    'addresses',
  ],
  ...['ipv6-address-generation', 'ipv6-address-token', 'gateway4', 'gateway6', 'nameservers'],
  ...['macaddress', 'mtu', 'optional', 'optional-addresses', 'activation-mode', 'routes'],
  ...['routing-policy', 'neigh-suppress', 'openvswitch', 'networkmanager'],
];

const HARDWARE = [
  ...['match', 'set-name', 'wakeonlan', 'emit-lldp', 'receive-checksum-offload'],
  ...['transmit-checksum-offload', 'tcp-segmentation-offload', 'tcp6-segmentation-offload'],
  ...['generic-segmentation-offload', 'generic-receive-offload', 'large-receive-offload', 'auth'],
];

const OF_GROUP: Readonly<Record<string, readonly string[]>> = {
  ethernets: [
    ...HARDWARE,
    ...['link', 'virtual-function-count', 'embedded-switch-mode', 'infiniband-mode'],
    'delay-virtual-functions-rebind',
  ],
  modems: [
    ...HARDWARE,
    ...['apn', 'auto-config', 'device-id', 'network-id', 'number', 'password', 'pin', 'sim-id'],
    ...['sim-operator-id', 'username'],
  ],
  wifis: [...HARDWARE, 'access-points', 'wakeonwlan', 'regulatory-domain'],
  bridges: ['interfaces', 'parameters'],
  bonds: ['interfaces', 'parameters'],
  tunnels: ['mode', 'local', 'remote', 'ttl', 'key', 'keys', 'port', 'mark', 'peers', 'id', 'link'],
  vlans: ['id', 'link'],
  vrfs: ['table', 'interfaces'],
  'virtual-ethernets': ['peer'],
};

/** Keys of a device in a group. */
export function deviceKeys(group: string): readonly string[] {
  return [...COMMON, ...(OF_GROUP[group] ?? [])];
}
