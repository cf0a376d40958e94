import { interfaceAddress } from './addresses.ts';
import {
  bool,
  boolOf,
  type Check,
  deviceName,
  group,
  ip,
  ip4,
  ip6,
  type KeyTable,
  listOf,
  macAddress,
  mapOf,
  number,
  oneOf,
  text,
  textThat,
  wrong,
} from './checks.ts';
import { route, routingRule } from './routes.ts';
import { isTreeList } from './tree.ts';

const overrides: KeyTable = {
  hostname: text,
  'route-metric': number(),
  'send-hostname': bool,
  'use-dns': bool,
  'use-domains': text,
  'use-hostname': bool,
  'use-mtu': bool,
  'use-ntp': bool,
  'use-routes': bool,
};

const networkManager = group({
  name: text,
  uuid: text,
  'stable-id': text,
  device: text,
  passthrough: mapOf(text),
});

/** Open vSwitch: netplan needs its tools on the machine, which cannot be checked here. */
export const anything: Check = () => [];

export const renderer = oneOf(['networkd', 'NetworkManager']);

export const auth = group({
  'key-management': oneOf([
    ...['none', 'psk', 'psk-sha256', 'eap', 'eap-sha256', 'eap-suite-b-192', 'sae', '802.1x'],
  ]),
  method: oneOf(['tls', 'peap', 'ttls', 'leap', 'pwd']),
  identity: text,
  'anonymous-identity': text,
  password: text,
  'ca-certificate': text,
  'client-certificate': text,
  'client-key': text,
  'client-key-password': text,
  'phase2-auth': text,
});

/** Keys of every device. */
export const COMMON: KeyTable = {
  'accept-ra': bool,
  'activation-mode': oneOf(['manual', 'off']),
  addresses: listOf(interfaceAddress, 'addresses: [192.0.2.10/24]', 'network-address'),
  critical: bool,
  'ignore-carrier': bool,
  dhcp4: bool,
  dhcp6: bool,
  'dhcp-identifier': oneOf(['duid', 'mac'], { anyCase: true }),
  'dhcp4-overrides': group(overrides),
  'dhcp6-overrides': group(overrides),
  'ra-overrides': group({
    'use-dns': bool,
    'use-domains': textThat(
      (value) => boolOf(value) !== undefined || value.toLowerCase() === 'route',
      'is neither true, false nor route',
      'write true, false or route',
    ),
    table: number(),
  }),
  gateway4: ip4,
  gateway6: ip6,
  'ipv6-address-generation': oneOf(['eui64', 'stable-privacy']),
  'ipv6-address-token': ip6,
  'ipv6-mtu': number(),
  'ipv6-privacy': bool,
  'link-local': listOf(oneOf(['ipv4', 'ipv6'], { anyCase: true }), 'link-local: [ipv6]'),
  macaddress: textThat(
    (value) => macAddress(value, []).length === 0 || value === 'permanent' || value === 'random',
    'is not a MAC address; one of digits alone is a number in YAML',
    "write it in quotes: '52:54:00:12:34:56'",
  ),
  mtu: number(),
  nameservers: group({
    search: listOf(text, 'search: [example.org]', 'network-address'),
    addresses: listOf(ip, 'addresses: [192.0.2.53]', 'network-address'),
  }),
  optional: bool,
  'optional-addresses': listOf(
    oneOf(['ipv4-ll', 'ipv6-ra', 'dhcp4', 'dhcp6', 'static'], { anyCase: true }),
    'optional-addresses: [dhcp4]',
  ),
  renderer,
  routes: listOf(route, 'routes: [{to: default, via: 192.0.2.1}]'),
  'routing-policy': listOf(routingRule, 'routing-policy: [{from: 192.0.2.0/24, table: 100}]'),
  hairpin: bool,
  'port-mac-learning': bool,
  'neigh-suppress': bool,
  networkmanager: networkManager,
  openvswitch: anything,
};

const driver: Check = (value, path) =>
  isTreeList(value) && value.length > 0
    ? value.flatMap((one, index) => driverName(one, [...path, index]))
    : driverName(value, path);

const driverName = textThat(
  (value) => !value.includes(' '),
  'has a blank in it',
  'write the name of one driver, or a list of names',
);

const wakeonwlanFlags = listOf(
  oneOf(
    [
      ...['default', 'any', 'disconnect', 'magic_pkt', 'gtk_rekey_failure', 'eap_identity_req'],
      ...['four_way_handshake', 'rfkill_release', 'tcp'],
    ],
    { anyCase: true },
  ),
  'wakeonwlan: [default]',
);

/** The flag default must be the only one. */
const wakeonwlan: Check = (value, path) => {
  const flags = isTreeList(value) ? value.map((flag) => String(flag).toLowerCase()) : [];
  return [
    ...wakeonwlanFlags(value, path),
    ...(flags.includes('default') && flags.some((flag) => flag !== 'default')
      ? [
          wrong(
            'network-value',
            path,
            'has flags next to default, which must be the only one',
            'write wakeonwlan: [default], or leave default out',
          ),
        ]
      : []),
  ];
};

/** Keys of physical devices. */
export const PHYSICAL: KeyTable = {
  match: group({ driver, macaddress: macAddress, name: deviceName }),
  'set-name': text,
  wakeonlan: bool,
  wakeonwlan,
  'emit-lldp': bool,
  'receive-checksum-offload': bool,
  'transmit-checksum-offload': bool,
  'tcp-segmentation-offload': bool,
  'tcp6-segmentation-offload': bool,
  'generic-segmentation-offload': bool,
  'generic-receive-offload': bool,
  'large-receive-offload': bool,
};

/** An access point of a wireless network. */
export const accessPoint = group({
  band: oneOf(['5GHz', '5G', '2.4GHz', '2.4G']),
  bssid: macAddress,
  hidden: bool,
  channel: number(),
  // networkd, which servers use, does not support `ap`.
  mode: oneOf(['infrastructure', 'adhoc', 'ap']),
  password: text,
  auth,
  networkmanager: networkManager,
});
