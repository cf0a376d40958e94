import { isIPv4, isIPv6 } from 'node:net';
import type { KeyPath } from '@micro-linux/provision';
import type { Remark } from '../../../check/finding.ts';
import { boolOf, numberOf, wrong } from './checks.ts';
import type { Device } from './devices.ts';
import { isTreeGroup, type TreeGroup, treeGroupIn, treeListIn, treeTextIn } from './tree.ts';

/** What a device must have, by its kind and its renderer. */
export function deviceRules(device: Device, all: readonly Device[]): Remark[] {
  const { kind, tree, path } = device;
  return [
    ...(tree['set-name'] !== undefined && tree['match'] === undefined
      ? say([...path, 'set-name'], 'needs match next to it', "write match: {macaddress: '…'}")
      : []),
    ...(tree['ipv6-address-generation'] !== undefined && tree['ipv6-address-token'] !== undefined
      ? say([...path, 'ipv6-address-token'], 'excludes ipv6-address-generation', 'keep one')
      : []),
    ...(isTreeGroup(tree['networkmanager']) &&
    Object.keys(tree['networkmanager']).length > 0 &&
    device.renderer !== 'NetworkManager' &&
    kind !== 'nm-devices'
      ? say([...path, 'networkmanager'], 'is for renderer: NetworkManager', 'remove it')
      : []),
    ...(kind === 'vlans' ? vlan(device) : []),
    ...(kind === 'tunnels' ? tunnel(device) : []),
    ...(kind === 'vrfs' ? vrf(device) : []),
    ...(kind === 'wifis' ? wifi(device) : []),
    ...(kind === 'ethernets' ? virtualFunctions(device, all) : []),
    ...(kind === 'nm-devices' &&
    treeTextIn(treeGroupIn(tree['networkmanager'], 'passthrough'), 'connection.type') === undefined
      ? say(path, 'has no connection.type in passthrough', 'write it as ethernets')
      : []),
    ...(device.renderer === 'networkd' ? [...defaultRoutes(device), ...byNetworkd(device)] : []),
    ...(device.renderer === 'NetworkManager' ? byNetworkManager(device) : []),
  ];
}

function say(path: KeyPath, problem: string, fix: string): Remark[] {
  return [wrong('network-key', path, problem, fix)];
}

function vlan({ tree, path }: Device): Remark[] {
  const id = treeTextIn(tree, 'id');
  return [
    ...(tree['link'] === undefined
      ? say(path, 'has no link', 'write link: and the id of the device that carries it')
      : []),
    ...(id === undefined
      ? say(path, 'has no id', 'write id: and its number, 0 to 4094')
      : (numberOf(id) ?? 0n) > 4094n
        ? [wrong('network-value', [...path, 'id'], 'is over 4094', 'write 0 to 4094')]
        : []),
  ];
}

function vrf({ tree, path }: Device): Remark[] {
  const table = treeTextIn(tree, 'table');
  if (table === undefined) {
    return say(path, 'has no table', 'write table: and a number');
  }
  return ['routes', 'routing-policy'].flatMap((key) =>
    treeListIn(tree, key).flatMap((one, index) => {
      const other = treeTextIn(one, 'table');
      return other === undefined || numberOf(other) === numberOf(table)
        ? []
        : say(
            [...path, key, index, 'table'],
            `differs from table ${table} of the vrf`,
            'leave it out',
          );
    }),
  );
}

function wifi(device: Device): Remark[] {
  const { tree, path, renderer } = device;
  if (tree['access-points'] === undefined) {
    return say(path, 'has no access-points', 'write access-points: {"name": {password: …}}');
  }
  if (renderer !== 'networkd') {
    return channels(device);
  }
  return [
    ...channels(device),
    ...(tree['match'] === undefined
      ? []
      : say([...path, 'match'], 'is not for a wifi under networkd', 'use its name as the id')),
    ...Object.entries(treeGroupIn(tree, 'access-points')).flatMap(([name, point]) => {
      const at = [...path, 'access-points', name];
      return [
        ...(treeTextIn(point, 'mode') === 'ap'
          ? say([...at, 'mode'], 'is not one that networkd can be', 'write infrastructure')
          : []),
        ...passphrase(treeTextIn(point, 'password'), [...at, 'password']),
        ...passphraseIn(treeGroupIn(point, 'auth'), [...at, 'auth']),
      ];
    }),
  ];
}

const KEYS_BY_PASSPHRASE = ['psk', 'psk-sha256', 'sae'];

function passphraseIn(auth: TreeGroup, path: KeyPath): Remark[] {
  return KEYS_BY_PASSPHRASE.includes(treeTextIn(auth, 'key-management') ?? '')
    ? passphrase(treeTextIn(auth, 'password'), [...path, 'password'])
    : [];
}

function passphrase(password: string | undefined, path: KeyPath): Remark[] {
  return password === undefined || isPassphrase(password)
    ? []
    : [
        wrong(
          'network-value',
          path,
          'must have 8 to 63 characters (value not shown)',
          'write the passphrase, or its 64 hexadecimal digits',
        ),
      ];
}

/** 5 GHz channels that netplan supports. */
const CHANNELS_5 = [
  ...[7, 8, 9, 11, 12, 16, 32, 34, 36, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62, 64],
  ...[68, 96, 100, 102, 104, 106, 108, 110, 112, 114, 116, 118, 120, 122, 124, 126, 128, 132],
  ...[134, 136, 138, 140, 142, 144, 149, 151, 153, 155, 157, 159, 161, 165, 169, 173],
];

function channels({ tree, path }: Device): Remark[] {
  return Object.entries(treeGroupIn(tree, 'access-points')).flatMap(([name, point]) => {
    const channel = Number(numberOf(treeTextIn(point, 'channel') ?? '') ?? 0);
    const band = treeTextIn(point, 'band') ?? '';
    const isKnown = band.startsWith('5') ? CHANNELS_5.includes(channel) : channel <= 14;
    return channel === 0 || band === '' || isKnown
      ? []
      : [
          wrong(
            'network-value',
            [...path, 'access-points', name, 'channel'],
            `is not a channel of ${band}`,
            'leave it out',
          ),
        ];
  });
}

function isPassphrase(password: string): boolean {
  const { length } = Buffer.from(password);
  return length === 64 ? /^[0-9a-f]+$/i.test(password) : length >= 8 && length <= 63;
}

const NO_COUNT = '4294967295';

function virtualFunctions({ id, tree, path }: Device, all: readonly Device[]): Remark[] {
  const isPhysical =
    // The largest number means none.
    (tree['virtual-function-count'] ?? NO_COUNT) !== NO_COUNT ||
    tree['embedded-switch-mode'] !== undefined ||
    all.some((other) => other.kind === 'ethernets' && treeTextIn(other.tree, 'link') === id);
  const key = 'delay-virtual-functions-rebind';
  return boolOf(treeTextIn(tree, key)) === true && !isPhysical
    ? say([...path, key], 'is for a device with virtual functions', 'remove it')
    : [];
}

const V6_TUNNELS = ['ipip6', 'ip6ip6', 'ip6gre', 'ip6gretap', 'vti6'];
const KEYED_TUNNELS = ['vti', 'vti6', 'wireguard', 'gre', 'ip6gre', 'gretap', 'ip6gretap'];

function tunnel(device: Device): Remark[] {
  const { tree, path, renderer } = device;
  const mode = treeTextIn(tree, 'mode');
  const [local, remote] = [treeTextIn(tree, 'local'), treeTextIn(tree, 'remote')];
  if (mode === undefined) {
    return say(path, 'has no mode', 'write mode: and the kind of tunnel');
  }
  if (mode === 'wireguard') {
    return wireguard(device);
  }
  const keys = tunnelKeys(device);
  const isSix = V6_TUNNELS.includes(mode);
  const family = isSix ? isIPv6 : isIPv4;
  return [
    ...(mode === 'vxlan' ? vxlan(device) : []),
    ...(mode !== 'vxlan' && remote === undefined
      ? say(path, 'has no remote', 'write remote: and the address of the other end')
      : []),
    ...(mode === 'vxlan'
      ? local !== undefined && remote !== undefined && isIPv6(local) !== isIPv6(remote)
        ? say([...path, 'remote'], 'is not of the family of local', 'write both as IPv4 or IPv6')
        : []
      : [['local', local] as const, ['remote', remote] as const].flatMap(([key, address]) =>
          address === undefined || family(address)
            ? []
            : say([...path, key], `must be ${isSix ? 'IPv6' : 'IPv4'} for ${mode}`, 'write one'),
        )),
    ...((numberOf(treeTextIn(tree, 'ttl') ?? '') ?? 0n) > 255n
      ? [wrong('network-value', [...path, 'ttl'], 'is over 255', 'write 1 to 255')]
      : []),
    ...(mode === 'isatap' && renderer === 'networkd'
      ? say([...path, 'mode'], 'is not one that networkd can be', 'use another mode')
      : []),
    ...keys.flatMap((key) =>
      !KEYED_TUNNELS.includes(mode)
        ? say(path, `has a key, which ${mode} does not use`, 'remove it')
        : numberOf(key) === undefined && !isIPv4(key)
          ? [
              wrong(
                'network-value',
                path,
                'has a key that is neither a number nor as 192.0.2.1 (value not shown)',
                'write a number',
              ),
            ]
          : [],
    ),
  ];
}

function tunnelKeys({ tree }: Device): readonly string[] {
  return ['key', 'keys'].flatMap((name) => {
    const value = tree[name];
    return typeof value === 'string'
      ? [value]
      : ['input', 'output'].flatMap((key) => treeTextIn(value, key) ?? []);
  });
}

function vxlan({ tree, path }: Device): Remark[] {
  const id = numberOf(treeTextIn(tree, 'id') ?? '0') ?? 0n;
  const label = numberOf(treeTextIn(tree, 'flow-label') ?? '0') ?? 0n;
  return [
    ...(id < 1n || id > 16_777_215n
      ? say(path, 'has no id from 1 to 16777215', 'write id: and the number of the VXLAN')
      : []),
    ...(label > 1_048_575n && label !== 4_294_967_295n
      ? [wrong('network-value', [...path, 'flow-label'], 'is over 1048575', 'write less')]
      : []),
  ];
}

/** 32 bytes in base64. */
function isWireguardKey(key: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(key);
}

function wireguard({ tree, path }: Device): Remark[] {
  const privateKeys = ['key', 'keys'].flatMap((name) => {
    const value = tree[name];
    return typeof value === 'string' ? [value] : (treeTextIn(value, 'private') ?? []);
  });
  const isKey = (key: string | undefined, mayBeFile: boolean) =>
    key !== undefined && ((mayBeFile && key.startsWith('/')) || isWireguardKey(key));
  const bad = (at: KeyPath) => [
    wrong('network-value', at, 'is not a WireGuard key (value not shown)', 'write the whole key'),
  ];
  return [
    ...(privateKeys.some((key) => !isKey(key, true)) ? bad([...path, 'keys']) : []),
    ...treeListIn(tree, 'peers').flatMap((peer, index) => {
      const at = [...path, 'peers', index];
      const keys = treeGroupIn(peer, 'keys');
      const shared = treeTextIn(keys, 'shared');
      return [
        ...(isKey(treeTextIn(keys, 'public'), false) ? [] : bad([...at, 'keys', 'public'])),
        ...(shared === undefined || isKey(shared, true) ? [] : bad([...at, 'keys', 'shared'])),
        ...((numberOf(treeTextIn(peer, 'keepalive') ?? '') ?? 0n) > 65_535n
          ? [wrong('network-value', [...at, 'keepalive'], 'is over 65535', 'write less')]
          : []),
      ];
    }),
  ];
}

/** netplan aborts with an assertion if it cannot determine whether a default route is IPv4 or IPv6. */
function defaultRoutes({ tree, path }: Device): Remark[] {
  return treeListIn(tree, 'routes').flatMap((route, index) =>
    treeTextIn(route, 'to') === 'default' &&
    treeTextIn(route, 'via') === undefined &&
    treeTextIn(route, 'from') === undefined
      ? say([...path, 'routes', index], 'does not say IPv4 or IPv6', 'write via:, or to: 0.0.0.0/0')
      : [],
  );
}

/** networkd has one set of these for both kinds of DHCP. */
const BOTH_OVERRIDES = [
  ...['use-dns', 'use-domains', 'use-ntp', 'send-hostname', 'use-hostname', 'use-mtu'],
  ...['hostname', 'route-metric', 'use-routes'],
];

function byNetworkd({ kind, tree, path }: Device): Remark[] {
  if (kind === 'modems') {
    return say(path, 'is not one that networkd can carry out', 'write renderer: NetworkManager');
  }
  const ofAuth = kind === 'wifis' ? [] : passphraseIn(treeGroupIn(tree, 'auth'), [...path, 'auth']);
  const isOn = (key: string) => boolOf(treeTextIn(tree, key)) === true;
  if (!isOn('dhcp4') || !isOn('dhcp6')) {
    return ofAuth;
  }
  const value = (group: string, key: string) => {
    const text = treeTextIn(treeGroupIn(tree, group), key);
    if (key === 'route-metric') {
      return text === undefined ? undefined : numberOf(text);
    }
    const isText = key === 'hostname' || key === 'use-domains';
    // The default is true.
    return isText ? text : text === undefined ? true : boolOf(text);
  };
  const unlike = BOTH_OVERRIDES.filter(
    (key) => value('dhcp4-overrides', key) !== value('dhcp6-overrides', key),
  );
  const ofOverrides = unlike.flatMap((key) =>
    say(
      [...path, isTreeGroup(tree['dhcp6-overrides']) ? 'dhcp6-overrides' : 'dhcp4-overrides'],
      `must say the same of ${key} as the other one: networkd has one setting for both`,
      `write ${key} in dhcp4-overrides and in dhcp6-overrides`,
    ),
  );
  return [...ofAuth, ...ofOverrides];
}

function byNetworkManager({ kind, tree, path }: Device): Remark[] {
  const addresses = treeListIn(tree, 'addresses').flatMap((one) =>
    typeof one === 'string' ? [one] : [],
  );
  const isOn = (key: string) => boolOf(treeTextIn(tree, key)) === true;
  // Routes of a family are set only if the device has an address of that family.
  const isWritten = (to: string) =>
    kind === 'vrfs' ||
    (to.includes(':')
      ? isOn('dhcp6') ||
        tree['gateway6'] !== undefined ||
        tree['ipv6-address-generation'] !== undefined ||
        [...addresses, ...treeListIn(tree['nameservers'], 'addresses')].some((one) =>
          String(one).includes(':'),
        )
      : isOn('dhcp4') || addresses.some((one) => !one.includes(':')));
  const not = (at: KeyPath) =>
    say([...path, ...at], 'is not for renderer: NetworkManager', 'remove it, or the renderer');
  const wireguardFile = ['key', 'keys'].some((name) => {
    const value = tree[name];
    const key = typeof value === 'string' ? value : treeTextIn(value, 'private');
    return key?.startsWith('/') && !isWireguardKey(key);
  });
  return [
    ...(treeGroupIn(tree, 'match')['driver'] !== undefined && tree['set-name'] === undefined
      ? not(['match', 'driver'])
      : []),
    ...treeListIn(tree, 'addresses').flatMap((one, index) =>
      isTreeGroup(one) ? not(['addresses', index]) : [],
    ),
    ...(treeTextIn(tree, 'activation-mode') === 'off' ? not(['activation-mode']) : []),
    ...((numberOf(treeTextIn(tree, 'ipv6-mtu') ?? '') ?? 0n) > 0n ? not(['ipv6-mtu']) : []),
    ...treeListIn(tree, 'routes').flatMap((route, index) =>
      (treeTextIn(route, 'type') ?? 'unicast').toLowerCase() === 'unicast' ||
      !isWritten(treeTextIn(route, 'via') ?? treeTextIn(route, 'to') ?? '')
        ? []
        : not(['routes', index, 'type']),
    ),
    ...(treeTextIn(tree, 'mode') === 'wireguard' && wireguardFile ? not(['key']) : []),
  ];
}
