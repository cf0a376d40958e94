import { allowedAddress } from './addresses.ts';
import {
  bool,
  type Check,
  group,
  ip,
  ip4,
  isAddress,
  type KeyTable,
  listOf,
  mapOf,
  number,
  oneOf,
  text,
  textThat,
} from './checks.ts';
import { accessPoint, auth, COMMON, PHYSICAL, renderer } from './device-keys.ts';
import { isTreeGroup, isTreeList } from './tree.ts';

export const TUNNEL_MODES = [
  ...['ipip', 'gre', 'sit', 'isatap', 'vti', 'ip6ip6', 'ipip6', 'ip6gre', 'vti6', 'gretap'],
  ...['ip6gretap', 'vxlan', 'wireguard'],
];

const members = listOf(text, 'interfaces: [eno1]');

const bridge = group({
  'ageing-time': text,
  'aging-time': text,
  'forward-delay': text,
  'hello-time': text,
  'max-age': text,
  'path-cost': mapOf(number()),
  'port-priority': mapOf(number(63n)),
  priority: number(),
  stp: bool,
});

const bond = group({
  mode: oneOf([
    ...['balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb'],
    ...['balance-alb', 'balance-tcp', 'balance-slb'],
  ]),
  'lacp-rate': oneOf(['slow', 'fast']),
  'mii-monitor-interval': text,
  'min-links': number(),
  'transmit-hash-policy': text,
  'ad-select': text,
  'all-slaves-active': bool,
  'all-members-active': bool,
  'arp-interval': text,
  'arp-ip-targets': listOf(ip4, 'arp-ip-targets: [192.0.2.1]', 'network-address'),
  'arp-validate': text,
  'arp-all-targets': text,
  'up-delay': text,
  'down-delay': text,
  'fail-over-mac-policy': text,
  'gratuitous-arp': number(),
  'gratuitious-arp': number(),
  'packets-per-slave': number(),
  'packets-per-member': number(),
  'primary-reselect-policy': text,
  'resend-igmp': number(),
  'learn-packet-interval': text,
  primary: text,
});

const keyGroup = group({
  input: text,
  output: text,
  private: text,
  'private-key-flags': listOf(
    oneOf(['agent-owned', 'not-saved', 'not-required'], { anyCase: true }),
    'private-key-flags: [agent-owned]',
  ),
});

const tunnelKey: Check = (value, path) =>
  isTreeGroup(value) ? keyGroup(value, path) : text(value, path);

const HOST =
  /^(?:(?:[a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*(?:[a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])$/i;

/** `host:port` or `[address]:port`; an empty one is ignored. */
function isEndpoint(value: string): boolean {
  if (value === '') {
    return true;
  }
  const match = /^\[(.*)\].*?:([^:]*)$/s.exec(value) ?? /^([^[].*):([^:]*)$/s.exec(value);
  const [, host = '', port = ''] = match ?? [];
  const digits = /^[ \t\n\v\f\r]*(\d*)/.exec(port)?.[1] ?? '';
  return (
    match !== null &&
    value.length >= 3 &&
    Number(digits) <= 65_535 &&
    (isAddress(host) || HOST.test(host))
  );
}

const peer = group({
  keys: group({ public: text, shared: text }),
  keepalive: number(),
  endpoint: textThat(isEndpoint, 'is not a host with a port', 'write host.example:51820'),
  'allowed-ips': listOf(allowedAddress, 'allowed-ips: [192.0.2.0/24]', 'network-address'),
});

const portRange: Check = (value, path) =>
  isTreeList(value) && value.length === 2
    ? value.flatMap((one, index) => number()(one, [...path, index]))
    : listOf(() => [], 'port-range: [1000, 2000]')(value, path).concat(
        isTreeList(value)
          ? [
              {
                rule: 'network-value',
                path,
                problem: 'must be two numbers',
                fix: 'write port-range: [1000, 2000]',
              },
            ]
          : [],
      );

const flags = (values: readonly string[]) =>
  listOf(oneOf(values, { anyCase: true }), `[${values[0]}]`);

const tunnel: KeyTable = {
  mode: oneOf(TUNNEL_MODES),
  local: ip,
  remote: ip,
  ttl: number(),
  key: tunnelKey,
  keys: tunnelKey,
  mark: number(),
  port: number(),
  peers: listOf(peer, 'peers: [{keys: {public: …}}]'),
  link: text,
  ageing: number(),
  aging: number(),
  id: number(),
  limit: number(),
  'type-of-service': number(),
  'flow-label': number(),
  'do-not-fragment': bool,
  'short-circuit': bool,
  'arp-proxy': bool,
  'mac-learning': bool,
  notifications: flags(['l2-miss', 'l3-miss']),
  checksums: flags(['udp', 'zero-udp6-tx', 'zero-udp6-rx', 'remote-tx', 'remote-rx']),
  extensions: flags(['group-policy', 'generic-protocol']),
  'port-range': portRange,
};

const ethernet: KeyTable = {
  ...COMMON,
  ...PHYSICAL,
  auth,
  link: text,
  'virtual-function-count': number(),
  'embedded-switch-mode': oneOf(['switchdev', 'legacy']),
  'delay-virtual-functions-rebind': bool,
  'infiniband-mode': oneOf(['datagram', 'connected']),
};

/** The groups of devices, and the keys of a device in each. */
export const DEVICE_KINDS = {
  ethernets: group(ethernet),
  modems: group({
    ...COMMON,
    ...PHYSICAL,
    ...Object.fromEntries(
      [
        ...['apn', 'device-id', 'network-id', 'number', 'password', 'pin', 'sim-id'],
        ...['sim-operator-id', 'username'],
      ].map((key) => [key, text]),
    ),
    'auto-config': bool,
  }),
  wifis: group({
    ...COMMON,
    ...PHYSICAL,
    'access-points': mapOf(accessPoint),
    auth,
    'regulatory-domain': text,
  }),
  bridges: group({ ...COMMON, interfaces: members, parameters: bridge }),
  bonds: group({ ...COMMON, interfaces: members, parameters: bond }),
  tunnels: group({ ...COMMON, ...tunnel }),
  vlans: group({
    ...COMMON,
    renderer: oneOf(['networkd', 'NetworkManager', 'sriov']),
    id: number(),
    link: text,
  }),
  vrfs: group({ ...COMMON, renderer, interfaces: members, table: number() }),
  'dummy-devices': group(COMMON),
  'virtual-ethernets': group({ ...COMMON, peer: text }),
  'nm-devices': group(ethernet),
} as const satisfies KeyTable;

export type DeviceKind = keyof typeof DEVICE_KINDS;
