import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type {
  InterfacesNetwork,
  NetworkSettings,
  StaticNetwork,
} from '../identity/network-settings.ts';
import { Problem, show } from './problem.ts';

export type Family = 'ipv4' | 'ipv6';

/** Addresses that no interface of a device can have. */
const SPECIAL: readonly {
  readonly what: string;
  readonly family: Family;
  readonly net: string;
  readonly prefix: number;
}[] = [
  { what: 'the unspecified address', family: 'ipv4', net: '0.0.0.0', prefix: 8 },
  { what: 'a loopback address', family: 'ipv4', net: '127.0.0.0', prefix: 8 },
  { what: 'a multicast address', family: 'ipv4', net: '224.0.0.0', prefix: 4 },
  { what: 'a reserved address', family: 'ipv4', net: '240.0.0.0', prefix: 4 },
  { what: 'the unspecified address', family: 'ipv6', net: '::', prefix: 128 },
  { what: 'a loopback address', family: 'ipv6', net: '::1', prefix: 128 },
  { what: 'an IPv4 address in IPv6 form', family: 'ipv6', net: '::ffff:0:0', prefix: 96 },
  { what: 'a multicast address', family: 'ipv6', net: 'ff00::', prefix: 8 },
];

/** A network before it is known to be complete. */
export interface NetworkDraft {
  /** undefined: dhcp. */
  readonly kind?: 'dhcp' | 'static' | 'none' | undefined;
  readonly interface?: string | undefined;
  readonly address?: string | undefined;
  readonly prefix?: number | undefined;
  readonly gateway?: string | undefined;
  readonly dns?: readonly string[] | undefined;
}

/** Keys of a network that is neither several interfaces nor none. */
export const SIMPLE_KEYS = ['interface', 'address', 'prefix', 'gateway', 'dns'] as const;
/** Keys that only a static network has. */
export const STATIC_ONLY_KEYS = ['address', 'prefix', 'gateway', 'dns'] as const;
export const STATIC_NEEDED_KEYS = ['interface', 'address', 'prefix'] as const;

/** Refuses text that is not a plain IPv4 or IPv6 address of a host. */
export function checkHostAddress(address: string): Problem | undefined {
  const form = checkAddress(address);
  if (form) {
    return form;
  }
  const special = SPECIAL.find(
    (range) => range.family === familyOf(address) && inSubnet(address, range.net, range.prefix),
  );
  return special
    ? new Problem(`${show(address)} is ${special.what}`, 'write the address of a host')
    : undefined;
}

/** Refuses text that is not an IPv4 or IPv6 address; a loopback address may serve DNS. */
export function checkAddress(address: string): Problem | undefined {
  if (isIPv4(address) || (isIPv6(address) && !address.includes('%'))) {
    return undefined;
  }
  const [plain = '', prefix] = address.split('/');
  return prefix !== undefined && (isIPv4(plain) || isIPv6(plain))
    ? new Problem(`${show(address)} has a prefix length`, `write ${plain} without /${prefix}`)
    : new Problem(
        `${show(address)} is not an IP address`,
        'write an IPv4 or IPv6 address such as 192.0.2.10',
      );
}

const INTERFACE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/;

/**
 * Names of interfaces that must be created or logged in to first, which nothing in the image does.
 */
const NOT_WIRED: readonly { readonly what: string; readonly form: RegExp }[] = [
  { what: 'a VLAN', form: /\.|^vlan/ },
  { what: 'a bond or a bridge', form: /^(?:bond|team|br)-?\d*$|^virbr|^docker/ },
  {
    what: 'a wireless interface',
    form: /^(?:wlan\d*|wl[bopsuvx].*|ath\d+|wwan\d*|ww[bopsuvx].*)$/,
  },
  {
    what: 'a tunnel or a virtual interface',
    form: /^(?:wg|tun|tap|veth|dummy|ifb|vxlan|gre|gretap|sit|ip6tnl|ip6gre|ppp|vrf|macvlan|ipvlan|macvtap)\d*$/,
  },
];

/**
 * Refuses names that Linux does not accept for an interface, and names of interfaces that the image
 * does not create: a device with such a setting would have no network.
 */
export function checkInterface(name: string): Problem | undefined {
  if (name === 'lo') {
    return new Problem(`"lo" is the loopback interface`, 'write a wired interface such as eth0');
  }
  const other = NOT_WIRED.find(({ form }) => form.test(name));
  if (other && INTERFACE_NAME.test(name)) {
    return new Problem(
      `${show(name)} is the name of ${other.what}, which the image does not make: the device would have no network`,
      'write the wired interface itself, such as eth0 or enp1s0; `network.interfaces` makes VLANs, bridges, bonds and Wi-Fi',
    );
  }
  return checkInterfaceName(name);
}

/** Refuses what Linux does not accept as the name of an interface. */
export function checkInterfaceName(name: string): Problem | undefined {
  return INTERFACE_NAME.test(name)
    ? undefined
    : new Problem(
        `${show(name)} is not an interface name`,
        "write up to 15 letters, digits, '_' or '-', such as eth0 or enp1s0",
      );
}

/** Refuses a key of a static network in one that is not static. */
export function checkStrayKey(
  network: NetworkDraft,
  key: (typeof STATIC_ONLY_KEYS)[number],
): Problem | undefined {
  return network.kind === 'static' || network[key] === undefined
    ? undefined
    : new Problem(
        `is for a static network only, but the network is ${network.kind ?? 'dhcp'}`,
        'leave it out, or make the network static',
        { at: [key] },
      );
}

/** Requires a key of a static network. */
export function checkMissingKey(
  network: NetworkDraft,
  key: (typeof STATIC_NEEDED_KEYS)[number],
): Problem | undefined {
  return network.kind !== 'static' || network[key] !== undefined
    ? undefined
    : new Problem('is missing: a static network needs it', undefined, {
        at: [key],
        because: ['network', 'kind'],
      });
}

/**
 * Refuses a prefix that is too long for the address, and an address that names the network instead
 * of a host.
 */
export function checkNetworkAddress(network: NetworkDraft): Problem | undefined {
  const { kind, address, prefix } = network;
  if (kind !== 'static' || address === undefined || prefix === undefined) {
    return undefined;
  }
  const bits = addressBits(address);
  if (prefix > bits) {
    return new Problem(
      `${prefix} is out of range for an IPv4 network`,
      `write a whole number from 1 to ${bits}`,
      { at: ['prefix'] },
    );
  }
  const role = networkRole(address, prefix);
  return role === undefined
    ? undefined
    : new Problem(
        `${show(address)} is the ${role} address of its /${prefix} network`,
        'write the address of a host in it',
        { at: ['address'] },
      );
}

/**
 * Whether a network contains only its own address (/32, /128). Its router is outside and reached on
 * the same link, as virtual machine providers do it.
 */
export function isAlone(network: { readonly address: string; readonly prefix: number }): boolean {
  return network.prefix === addressBits(network.address);
}

/**
 * Refuses a gateway that the device could not reach without another gateway. A network of one
 * address needs a gateway, which may be anywhere: {@link isAlone}.
 */
export function checkGateway(network: NetworkDraft): Problem | undefined {
  const { kind, address, prefix, gateway } = network;
  if (
    kind !== 'static' ||
    address === undefined ||
    prefix === undefined ||
    prefix > addressBits(address)
  ) {
    return undefined;
  }
  if (gateway === undefined) {
    return isAlone({ address, prefix })
      ? new Problem(
          `${prefix} leaves no other address in the network, and there is no gateway`,
          'write the gateway, or the prefix length of the network',
          { at: ['prefix'] },
        )
      : undefined;
  }
  const at = { at: ['gateway'] };
  if (familyOf(gateway) !== familyOf(address)) {
    return new Problem(
      `${show(gateway)} is not of the family of the address ${address}`,
      `write an ${familyOf(address) === 'ipv4' ? 'IPv4' : 'IPv6'} address`,
      at,
    );
  }
  if (inSubnet(gateway, 'fe80::', 10)) {
    return undefined;
  }
  if (!isAlone({ address, prefix }) && !inSubnet(gateway, address, prefix)) {
    const bits = addressBits(address);
    return new Problem(
      `${show(gateway)} is outside the network ${address}/${prefix}`,
      `write an address inside it, or fix the prefix; prefix ${bits} if the router is on the same cable and all traffic goes through it`,
      at,
    );
  }
  if (inSubnet(gateway, address, addressBits(address))) {
    return new Problem(
      `${show(gateway)} is the device's own address`,
      'write the address of the router',
      at,
    );
  }
  const role = networkRole(gateway, prefix);
  return role === undefined
    ? undefined
    : new Problem(
        `${show(gateway)} is the ${role} address of its /${prefix} network`,
        'write the address of the router',
        at,
      );
}

/** A network that passed its checks, in the form of its kind. */
export function toNetwork(network: NetworkDraft): Exclude<NetworkSettings, InterfacesNetwork> {
  const { kind, interface: name, address, prefix, gateway, dns = [] } = network;
  if (kind === 'none') {
    return { kind };
  }
  if (kind !== 'static' || name === undefined || address === undefined || prefix === undefined) {
    return { kind: 'dhcp', interface: name };
  }
  return { kind, interface: name, address, prefix, gateway, dns } satisfies StaticNetwork;
}

/**
 * Whether an address is the network or broadcast address of its network. Networks of one or two
 * addresses have none (RFC 3021, RFC 6164), and IPv6 has no broadcast.
 */
export function networkRole(address: string, prefix: number): 'network' | 'broadcast' | undefined {
  const hostBits = BigInt(addressBits(address) - prefix);
  if (hostBits < 2n) {
    return undefined;
  }
  const hostMask = (1n << hostBits) - 1n;
  const host = addressNumber(address) & hostMask;
  if (host === 0n) {
    return 'network';
  }
  return host === hostMask && isIPv4(address) ? 'broadcast' : undefined;
}

/** Whether an address is inside a network of the same family. */
export function inSubnet(address: string, net: string, prefix: number): boolean {
  const list = new BlockList();
  list.addSubnet(net, prefix, familyOf(net));
  return list.check(address, familyOf(address));
}

export function familyOf(address: string): Family {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}

export function addressBits(address: string): number {
  return isIPv4(address) ? 32 : 128;
}

/** The address as a number; node:net compares addresses but does not split them. */
function addressNumber(address: string): bigint {
  if (isIPv4(address)) {
    return joinParts(address.split('.'), 8n, '');
  }
  // URL writes every IPv6 address in the same form: hexadecimal groups with at most one "::".
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return joinParts([...before, ...zeros, ...after], 16n, '0x');
}

function joinParts(parts: readonly string[], bits: bigint, radixMark: string): bigint {
  return parts.reduce((sum, part) => (sum << bits) | BigInt(`${radixMark}${part}`), 0n);
}
