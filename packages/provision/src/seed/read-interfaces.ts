import type { InterfacesNetwork, NoNetwork } from '../identity/network-settings.ts';
import { checkInterfaces } from '../network/check-interfaces.ts';
import type {
  BondSettings,
  BridgeSettings,
  InterfaceKind,
  InterfaceSettings,
  RouteSettings,
} from '../network/interface-settings.ts';
import { kindOf } from '../network/interface-settings.ts';
import type { KeyPath } from '../values/key-path.ts';
import { differenceFinding, differences } from './difference.ts';
import { type Group, groupIn, isGroup, listIn, textIn, valueIn } from './group.ts';
import { badValue, type HonouredFinding } from './honoured-finding.ts';
import { DEVICE_GROUP, withoutDefaults } from './interface-devices.ts';
import { networkSection } from './network-section.ts';

/** Whether a network section describes several interfaces or none. */
export function isInterfacesSection(network: Group): boolean {
  return Object.hasOwn(network, 'renderer');
}

/** The interfaces of a section whose types are right. */
export function readInterfaces(network: Group): InterfacesNetwork | NoNetwork {
  const devices = Object.entries(DEVICE_GROUP).flatMap(([kind, group]) =>
    Object.entries(groupIn(network, group)).map(
      ([id, device]) => [id, readDevice(kind as InterfaceKind, device)] as const,
    ),
  );
  return devices.length === 0
    ? { kind: 'none' }
    : { kind: 'interfaces', interfaces: Object.fromEntries(devices) };
}

/**
 * What is wrong with a section of several interfaces: everything that would be lost, and everything that
 * the config refuses too.
 */
export function interfacesFindings(network: Group): HonouredFinding[] {
  const settings = readInterfaces(network);
  const written = Object.fromEntries(
    Object.entries(network).map(([key, value]) => [
      key,
      isGroup(value) ? plainDevices(value) : value,
    ]),
  );
  const lost = differences(networkSection(settings), written, ['network']).map(differenceFinding);
  if (settings.kind === 'none' || lost.length > 0) {
    return lost;
  }
  return checkInterfaces(settings.interfaces).flatMap((problem) => {
    const [id = '', ...rest] = problem.detail.at ?? [];
    const one = settings.interfaces[id];
    const group = one ? [DEVICE_GROUP[kindOf(one)]] : [];
    return badValue(['network', ...group, id, ...netplanPath(rest)], problem);
  });
}

function readDevice(kind: InterfaceKind, device: unknown): InterfaceSettings {
  const match = valueIn(device, 'match');
  const nameservers = groupIn(device, 'nameservers');
  return {
    match: isGroup(match)
      ? {
          name: textIn(match, 'name'),
          mac: textIn(match, 'macaddress'),
          driver: textIn(match, 'driver'),
        }
      : undefined,
    dhcp4: flagIn(device, 'dhcp4'),
    dhcp6: flagIn(device, 'dhcp6'),
    acceptRa: booleanIn(device, 'accept-ra'),
    addresses: listIn(device, 'addresses').map(String),
    routes: listIn(device, 'routes').map(readRoute),
    mtu: numberIn(device, 'mtu'),
    mac: textIn(device, 'macaddress'),
    dns: listIn(nameservers, 'addresses').map(String),
    search: listIn(nameservers, 'search').map(String),
    optional: flagIn(device, 'optional'),
    vlan:
      kind === 'vlan'
        ? { id: numberIn(device, 'id') ?? 0, link: textIn(device, 'link') ?? '' }
        : undefined,
    bridge: kind === 'bridge' ? readBridge(device) : undefined,
    bond: kind === 'bond' ? readBond(device) : undefined,
    wifi: kind === 'wifi' ? readWifi(device) : undefined,
  };
}

function readRoute(route: unknown): RouteSettings {
  return {
    to: textIn(route, 'to') ?? '',
    via: textIn(route, 'via'),
    metric: numberIn(route, 'metric'),
    onLink: flagIn(route, 'on-link'),
    // The section's types are right: one of the scopes.
    scope: textIn(route, 'scope') as RouteSettings['scope'],
  };
}

function readBridge(device: unknown): BridgeSettings {
  const parameters = groupIn(device, 'parameters');
  return {
    interfaces: listIn(device, 'interfaces').map(String),
    stp: booleanIn(parameters, 'stp') ?? true,
    priority: numberIn(parameters, 'priority'),
    forwardDelay: numberIn(parameters, 'forward-delay'),
    helloTime: numberIn(parameters, 'hello-time'),
    maxAge: numberIn(parameters, 'max-age'),
    ageingTime: numberIn(parameters, 'ageing-time'),
  };
}

function readBond(device: unknown): BondSettings {
  const parameters = groupIn(device, 'parameters');
  return {
    interfaces: listIn(device, 'interfaces').map(String),
    mode: (textIn(parameters, 'mode') ?? 'balance-rr') as BondSettings['mode'],
    miiMonitorInterval: numberIn(parameters, 'mii-monitor-interval') ?? 0,
    primary: textIn(parameters, 'primary'),
    lacpRate: textIn(parameters, 'lacp-rate') as BondSettings['lacpRate'],
    transmitHashPolicy: textIn(
      parameters,
      'transmit-hash-policy',
    ) as BondSettings['transmitHashPolicy'],
    minLinks: numberIn(parameters, 'min-links'),
  };
}

function readWifi(device: unknown) {
  const [[ssid, point] = ['', {}]] = Object.entries(groupIn(device, 'access-points'));
  return {
    ssid,
    password: textIn(point, 'password'),
    hidden: flagIn(point, 'hidden'),
    regulatoryDomain: textIn(device, 'regulatory-domain'),
  };
}

/** Devices without keys that have netplan's default: they mean the same. */
function plainDevices(devices: Group): Group {
  return Object.fromEntries(
    Object.entries(devices).map(([id, device]) => [id, isGroup(device) ? plain(device) : device]),
  );
}

function plain(device: Group): Group {
  return withoutDefaults(
    Object.fromEntries(
      Object.entries(device).map(([key, value]) => [
        key,
        key === 'routes' && Array.isArray(value)
          ? value.map((route) => (isGroup(route) ? withoutDefaults(route) : route))
          : value,
      ]),
    ),
  );
}

/** Where a key of the config is in a device of netplan. */
function netplanPath(path: KeyPath): KeyPath {
  const [first, second, ...rest] = path;
  switch (first) {
    case 'mac':
      return ['macaddress'];
    case 'acceptRa':
      return ['accept-ra'];
    case 'dns':
      return ['nameservers', 'addresses', ...path.slice(1)];
    case 'search':
      return ['nameservers', ...path];
    case 'match':
      return second === 'mac' ? ['match', 'macaddress'] : path;
    case 'vlan':
      return path.slice(1);
    case 'wifi':
      return second === 'regulatoryDomain' ? ['regulatory-domain'] : ['access-points'];
    case 'bridge':
    case 'bond':
      return second === 'interfaces' || second === undefined
        ? path.slice(1)
        : ['parameters', String(second).replaceAll(/[A-Z]/g, (one) => `-${one.toLowerCase()}`)];
    case 'routes':
      return rest.includes('onLink') ? ['routes', second ?? 0, 'on-link'] : path;
    default:
      return path;
  }
}

function booleanIn(group: unknown, key: string): boolean | undefined {
  const value = valueIn(group, key);
  return typeof value === 'boolean' ? value : undefined;
}

function flagIn(group: unknown, key: string): boolean {
  return booleanIn(group, key) ?? false;
}

function numberIn(group: unknown, key: string): number | undefined {
  const value = valueIn(group, key);
  return typeof value === 'number' ? value : undefined;
}
