import type {
  BondSettings,
  BridgeSettings,
  InterfaceKind,
  InterfaceSettings,
  Interfaces,
  RouteSettings,
} from '../network/interface-settings.ts';
import { kindOf } from '../network/interface-settings.ts';

/** A device in netplan's format; a key that has netplan's default is left out. */
export type InterfaceDevice = Readonly<Record<string, unknown>>;

/** netplan's group for each kind, in the order in which they are written. */
export const DEVICE_GROUP = {
  ethernet: 'ethernets',
  wifi: 'wifis',
  bond: 'bonds',
  bridge: 'bridges',
  vlan: 'vlans',
} as const satisfies Readonly<Record<InterfaceKind, string>>;

export type DeviceGroups = {
  readonly [Group in (typeof DEVICE_GROUP)[InterfaceKind]]?: Readonly<
    Record<string, InterfaceDevice>
  >;
};

/** Interfaces as devices of netplan, by kind. */
export function deviceGroups(interfaces: Interfaces): DeviceGroups {
  return Object.fromEntries(
    Object.entries(DEVICE_GROUP).flatMap(([kind, group]) => {
      const devices = Object.entries(interfaces).filter(([, one]) => kindOf(one) === kind);
      return devices.length === 0
        ? []
        : [[group, Object.fromEntries(devices.map(([id, one]) => [id, interfaceDevice(one)]))]];
    }),
  );
}

/**
 * What netplan has no word for, as a key of the interface: such an interface cannot be in a seed.
 * undefined if there is nothing.
 */
export function keyOutsideSeeds({ match, wifi }: InterfaceSettings): readonly string[] | undefined {
  return match?.path !== undefined
    ? ['match', 'path']
    : wifi && match !== undefined
      ? ['match']
      : undefined;
}

function interfaceDevice(settings: InterfaceSettings): InterfaceDevice {
  const { match, vlan, bridge, bond, wifi, dns, search } = settings;
  return withoutDefaults({
    match:
      match &&
      withoutDefaults({ ...match, mac: undefined, path: undefined, macaddress: match.mac }),
    macaddress: settings.mac,
    id: vlan?.id,
    link: vlan?.link,
    interfaces: (bridge ?? bond)?.interfaces,
    parameters: bridge ? bridgeParameters(bridge) : bond ? bondParameters(bond) : undefined,
    'access-points':
      wifi &&
      Object.fromEntries([
        [wifi.ssid, withoutDefaults({ password: wifi.password, hidden: wifi.hidden })],
      ]),
    'regulatory-domain': wifi?.regulatoryDomain,
    dhcp4: settings.dhcp4,
    dhcp6: settings.dhcp6,
    'accept-ra': settings.acceptRa,
    addresses: settings.addresses.length === 0 ? undefined : settings.addresses,
    routes: settings.routes.length === 0 ? undefined : settings.routes.map(routeDevice),
    nameservers:
      dns.length + search.length === 0
        ? undefined
        : withoutDefaults({
            addresses: dns.length === 0 ? undefined : dns,
            search: search.length === 0 ? undefined : search,
          }),
    mtu: settings.mtu,
    optional: settings.optional,
  });
}

function routeDevice({ to, via, metric, onLink, scope }: RouteSettings): InterfaceDevice {
  return withoutDefaults({ to, via, metric, 'on-link': onLink, scope });
}

function bridgeParameters(bridge: BridgeSettings): InterfaceDevice {
  return {
    // netplan's default is the opposite of ours.
    stp: bridge.stp,
    ...withoutDefaults({
      priority: bridge.priority,
      'forward-delay': bridge.forwardDelay,
      'hello-time': bridge.helloTime,
      'max-age': bridge.maxAge,
      'ageing-time': bridge.ageingTime,
    }),
  };
}

function bondParameters(bond: BondSettings): InterfaceDevice {
  return withoutDefaults({
    mode: bond.mode,
    'mii-monitor-interval': bond.miiMonitorInterval,
    primary: bond.primary,
    'lacp-rate': bond.lacpRate,
    'transmit-hash-policy': bond.transmitHashPolicy,
    'min-links': bond.minLinks,
  });
}

/** Keys where a missing one means the same as false. */
const FALSE_BY_DEFAULT = ['dhcp4', 'dhcp6', 'optional', 'on-link', 'hidden'];

/** Without keys that are undefined or have netplan's default. */
export function withoutDefaults(device: InterfaceDevice): InterfaceDevice {
  return Object.fromEntries(
    Object.entries(device).filter(
      ([key, value]) => value !== undefined && !(value === false && FALSE_BY_DEFAULT.includes(key)),
    ),
  );
}
