import type { DhcpNetwork, StaticNetwork } from '../identity/network-settings.ts';
import {
  checkAddress,
  checkGateway,
  checkHostAddress,
  checkInterface,
  checkNetworkAddress,
} from '../values/ip-network.ts';
import type { KeyPath } from '../values/key-path.ts';
import { Problem } from '../values/problem.ts';
import { differenceFinding, differences } from './difference.ts';
import { type Group, groupIn, isGroup, listIn, textIn, valueIn } from './group.ts';
import { badValue, type HonouredFinding, otherForm } from './honoured-finding.ts';
import { networkSection, WIRED_NAMES } from './network-section.ts';

type SimpleNetwork = DhcpNetwork | StaticNetwork;

const ETHERNETS: KeyPath = ['network', 'ethernets'];

/** Whether there are as many devices as our networks can have. */
export function deviceCountFindings(network: Group): HonouredFinding[] {
  const count = Object.keys(groupIn(network, 'ethernets')).length;
  const expected = Object.keys(networkSection(networkSettings(network)).ethernets).length;
  return count === expected
    ? []
    : [otherForm(ETHERNETS, 'must be one device, or the two that match every wired one, by DHCP')];
}

/**
 * How a network section differs from the one that `micro-linux seed` would write for the same
 * network, if the number of devices is right. Devices may have any id and may leave out `optional`:
 * our installer never waits for them.
 */
export function networkFindings(network: Group): HonouredFinding[] {
  const devices = Object.entries(groupIn(network, 'ethernets'));
  const settings = networkSettings(network);
  const expected = Object.values(networkSection(settings).ethernets);
  return [
    ...devices.flatMap(([id, device], index) =>
      isGroup(device)
        ? differences(expected[index], withDefaults(device, settings), [...ETHERNETS, id]).map(
            differenceFinding,
          )
        : [otherForm([...ETHERNETS, id], 'is not a device')],
    ),
    ...valueFindings(settings, [...ETHERNETS, devices[0]?.[0] ?? '']),
  ];
}

/** The network that a section describes; only valid if the section is. */
export function networkSettings(network: Group): SimpleNetwork {
  const devices = Object.values(groupIn(network, 'ethernets'));
  const names = devices.map((device) => textIn(groupIn(device, 'match'), 'name') ?? '');
  const [device] = devices;
  const address = listIn(device, 'addresses')[0];
  const [name = ''] = names;
  if (typeof address !== 'string') {
    const isWired =
      [...names].sort().join() === [...WIRED_NAMES].sort().join() &&
      devices.every((one) => valueIn(one, 'addresses') === undefined);
    return { kind: 'dhcp', interface: isWired ? undefined : name };
  }
  const [plain = '', prefix] = address.split('/');
  return {
    kind: 'static',
    interface: name,
    address: plain,
    prefix: /^\d{1,3}$/.test(prefix ?? '') ? Number(prefix) : 0,
    gateway: textIn(listIn(device, 'routes')[0], 'via'),
    dns: listIn(groupIn(device, 'nameservers'), 'addresses').map(String),
  };
}

/** What a device means by default: netplan's defaults, except that nothing waits for it. */
function withDefaults(device: Group, settings: SimpleNetwork): Group {
  const { nameservers, ...rest } = device;
  const hasServers = listIn(nameservers, 'addresses').length > 0;
  return {
    optional: true,
    ...(settings.kind === 'static' ? { dhcp4: false, dhcp6: false } : {}),
    ...rest,
    ...(nameservers === undefined || !hasServers ? {} : { nameservers }),
  };
}

function valueFindings(settings: SimpleNetwork, path: KeyPath): HonouredFinding[] {
  const { kind, interface: name } = settings;
  const ofName =
    name === undefined ? [] : badValue([...path, 'match', 'name'], checkInterface(name));
  if (kind === 'dhcp') {
    return ofName;
  }
  const { address, prefix, gateway, dns } = settings;
  const addressPath = [...path, 'addresses', 0];
  const gatewayPath = [...path, 'routes', 0, 'via'];
  const ofAddress = badValue(addressPath, checkHostAddress(address) ?? checkPrefix(prefix));
  const ofGateway = gateway === undefined ? [] : badValue(gatewayPath, checkHostAddress(gateway));
  return [
    ...ofName,
    ...ofAddress,
    ...ofGateway,
    // The address comparison accepts only valid addresses.
    ...(ofAddress.length === 0
      ? [
          ...badValue(addressPath, checkNetworkAddress(settings)),
          ...(ofGateway.length === 0 ? badValue(gatewayPath, checkGateway(settings)) : []),
        ]
      : []),
    ...dns.flatMap((server, index) =>
      badValue([...path, 'nameservers', 'addresses', index], checkAddress(server)),
    ),
  ];
}

function checkPrefix(prefix: number): Problem | undefined {
  return prefix >= 1 && prefix <= 128
    ? undefined
    : new Problem('has no prefix length', 'write it with one: 192.0.2.10/24');
}
