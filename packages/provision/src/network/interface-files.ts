import { isIPv4 } from 'node:net';
import { hasWildcard, isExact, matchOf } from './check-matches.ts';
import {
  type InterfaceMatch,
  type InterfaceSettings,
  type Interfaces,
  membersOf,
  type RouteSettings,
} from './interface-settings.ts';
import { netdevFile } from './netdev-file.ts';
import { section, type UnitLine, yesNo } from './unit-file.ts';

/** A file below /etc/systemd/network. */
export interface NetworkdFile {
  readonly name: string;
  readonly content: string;
}

/** Default routes by radio are worse than those by cable, whose metric is 1024. */
const WIFI_METRIC = 2048;

/** The files of systemd-networkd(8) and of udev for a set of interfaces without problems. */
export function interfaceFiles(interfaces: Interfaces): readonly NetworkdFile[] {
  return Object.entries(interfaces).flatMap(([id, settings]): NetworkdFile[] => {
    const match = matchOf(id, settings);
    // Of several files that fit, networkd takes the first.
    const prefix = match === undefined || isExact(match) ? 10 : 20;
    const netdev = netdevFile(id, settings);
    const link = linkFile(id, settings);
    return [
      ...(netdev === undefined ? [] : [{ name: `10-${id}.netdev`, content: netdev }]),
      ...(link === undefined ? [] : [{ name: `10-${id}.link`, content: link }]),
      { name: `${prefix}-${id}.network`, content: networkFile(id, settings, interfaces) },
    ];
  });
}

/** Whether network-online.target may wait for an interface: it must be able to get an address. */
export function isAwaited(id: string, interfaces: Interfaces): boolean {
  const settings = interfaces[id];
  return (
    settings !== undefined &&
    !settings.optional &&
    ownerOf(id, interfaces) === undefined &&
    (settings.dhcp4 ||
      settings.dhcp6 ||
      settings.acceptRa === true ||
      settings.addresses.length > 0)
  );
}

/** A radio gets the id as its name: wpa_supplicant is started by it. */
function linkFile(id: string, { match, wifi }: InterfaceSettings): string | undefined {
  if (!wifi || match === undefined) {
    return undefined;
  }
  const { name, ...rules } = match;
  return [
    section('Match', [
      ['Type', 'wlan'],
      ...(name === undefined ? [] : [['OriginalName', name] as const]),
      ...matchLines(rules),
    ]),
    section('Link', [['Name', id]]),
  ].join('\n');
}

function networkFile(id: string, settings: InterfaceSettings, interfaces: Interfaces): string {
  const { dhcp4, dhcp6, acceptRa, wifi } = settings;
  const owner = ownerOf(id, interfaces);
  const dhcp = dhcp4 && dhcp6 ? 'yes' : dhcp4 ? 'ipv4' : dhcp6 ? 'ipv6' : undefined;
  const metric: UnitLine[] = wifi ? [['RouteMetric', WIFI_METRIC]] : [];
  return [
    section('Match', networkMatch(id, settings)),
    section('Link', [
      ...(settings.mac === undefined ? [] : [['MACAddress', settings.mac] as const]),
      ...(settings.mtu === undefined ? [] : [['MTUBytes', settings.mtu] as const]),
      ...(isAwaited(id, interfaces) ? [] : [['RequiredForOnline', 'no'] as const]),
    ]),
    section('Network', [
      ...(owner ? ownedBy(id, owner, interfaces) : []),
      ...(dhcp === undefined ? [] : [['DHCP', dhcp] as const]),
      ...(acceptRa === undefined ? [] : [['IPv6AcceptRA', yesNo(acceptRa)] as const]),
      ...settings.addresses.map((address) => ['Address', address] as const),
      ...settings.dns.map((server) => ['DNS', server] as const),
      ...(settings.search.length === 0 ? [] : [['Domains', settings.search.join(' ')] as const]),
      ...Object.entries(interfaces)
        .filter(([, { vlan }]) => vlan?.link === id)
        .map(([name]) => ['VLAN', name] as const),
    ]),
    ...settings.routes.map((route) =>
      section('Route', routeLines(route, settings.addresses.length > 0)),
    ),
    // Uses the MAC address, so a reinstalled machine keeps its lease.
    dhcp4 ? section('DHCPv4', [['ClientIdentifier', 'mac'], ...metric]) : '',
    wifi ? section('IPv6AcceptRA', metric) : '',
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function networkMatch(id: string, settings: InterfaceSettings): readonly UnitLine[] {
  if (settings.wifi) {
    return [['Name', id]];
  }
  const match = matchOf(id, settings);
  if (!match) {
    return [['Name', id]];
  }
  // Patterns must not fit what networkd or a container engine makes.
  const isWide = match.mac === undefined && [match.name].some((one) => one && hasWildcard(one));
  return [
    ...(match.name === undefined ? [] : [['Name', match.name] as const]),
    ...matchLines(match),
    ...(isWide
      ? ([
          ['Type', 'ether'],
          ['Kind', '!*'],
        ] as const)
      : []),
  ];
}

/** The rules other than the name. VLANs and bridges inherit a MAC address, but not as permanent. */
function matchLines({ mac, driver, path }: InterfaceMatch): readonly UnitLine[] {
  return [
    ...(mac === undefined ? [] : [['PermanentMACAddress', mac.toLowerCase()] as const]),
    ...(driver === undefined ? [] : [['Driver', driver] as const]),
    ...(path === undefined ? [] : [['Path', path] as const]),
  ];
}

/** Id of the bridge or bond that an interface is a port of. */
function ownerOf(id: string, interfaces: Interfaces): string | undefined {
  return Object.keys(interfaces).find((name) => {
    const other = interfaces[name];
    return other !== undefined && membersOf(other).includes(id);
  });
}

function ownedBy(id: string, owner: string, interfaces: Interfaces): readonly UnitLine[] {
  const bond = interfaces[owner]?.bond;
  return [
    [bond ? 'Bond' : 'Bridge', owner],
    ['LinkLocalAddressing', 'no'],
    ...(bond?.primary === id ? [['PrimarySlave', 'yes'] as const] : []),
  ];
}

function routeLines(
  { to, via, metric, onLink, scope }: RouteSettings,
  hasAddress: boolean,
): readonly UnitLine[] {
  const destination =
    to === 'default' ? (via !== undefined && isIPv4(via) ? '0.0.0.0/0' : '::/0') : to;
  return [
    ['Destination', destination],
    ...(via === undefined ? [] : [['Gateway', via] as const]),
    // Without a static address, networkd treats every router as on-link by default.
    ...(onLink || (via !== undefined && !hasAddress)
      ? [['GatewayOnLink', yesNo(onLink)] as const]
      : []),
    ...(metric === undefined ? [] : [['Metric', metric] as const]),
    ...(scope === undefined ? [] : [['Scope', scope] as const]),
  ];
}
