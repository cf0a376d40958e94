import { isIPv4, isIPv6 } from 'node:net';
import { addressBits, checkHostAddress, networkRole } from '../values/ip-network.ts';
import { Problem, show } from '../values/problem.ts';

/** An address with its prefix length. */
export interface Cidr {
  readonly address: string;
  readonly prefix: number;
}

/** The parts of `192.0.2.10/24`; undefined if the text does not have this form. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length = '', ...rest] = text.split('/');
  const isAddress = isIPv4(address) || (isIPv6(address) && !address.includes('%'));
  if (!isAddress || rest.length > 0 || !/^(?:0|[1-9]\d{0,2})$/.test(length)) {
    return undefined;
  }
  const prefix = Number(length);
  return prefix <= addressBits(address) ? { address, prefix } : undefined;
}

/** Refuses what is not the address of a host with the prefix length of its network. */
export function checkHostCidr(text: string): Problem | undefined {
  const cidr = parseCidr(text);
  if (!cidr) {
    return isIPv4(text) || isIPv6(text)
      ? new Problem(
          `${show(text)} has no prefix length`,
          `write it with one: ${text}/${isIPv4(text) ? 24 : 64}`,
        )
      : new Problem(
          `${show(text)} is not an address with a prefix length`,
          'write an address such as 192.0.2.10/24 or 2001:db8::10/64',
        );
  }
  if (cidr.prefix === 0) {
    return new Problem(`${show(text)} has prefix length 0`, 'write the one of its network');
  }
  const special = checkHostAddress(cidr.address);
  if (special) {
    return special;
  }
  const role = networkRole(cidr.address, cidr.prefix);
  return role === undefined
    ? undefined
    : new Problem(
        `${show(text)} is the ${role} address of its network`,
        'write the address of a host in it',
      );
}

/** Refuses what is not a network: the bits after the prefix must be zero. */
export function checkNetworkCidr(text: string): Problem | undefined {
  const cidr = parseCidr(text);
  if (!cidr) {
    return new Problem(
      `${show(text)} is not a network`,
      'write default, or a network such as 198.51.100.0/24',
    );
  }
  const network = networkOf(cidr);
  return isSameAddress(network, cidr.address)
    ? undefined
    : new Problem(
        `${show(text)} is an address in a network, not the network`,
        `write ${network}/${cidr.prefix}`,
      );
}

/** Whether two texts are the same address, in any notation. */
export function isSameAddress(one: string, other: string): boolean {
  return isIPv4(one) === isIPv4(other) && canonical(one) === canonical(other);
}

/** An address in one notation. */
export function canonical(address: string): string {
  return isIPv4(address) ? address : new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** The first address of a network. */
function networkOf({ address, prefix }: Cidr): string {
  const bits = addressBits(address);
  const isFour = bits === 32;
  const [width, radix, base] = isFour ? [8, 10, '.'] : [16, 16, ':'];
  const groups = isFour ? address.split('.') : expand(canonical(address));
  const masked = groups.map((group, index) => {
    const kept = Math.min(width, Math.max(0, prefix - index * width));
    const mask = (2 ** kept - 1) * 2 ** (width - kept);
    return (Number.parseInt(group, radix) & mask).toString(radix);
  });
  return isFour ? masked.join(base) : canonical(masked.join(base));
}

/** The eight groups of an IPv6 address that {@link canonical} wrote. */
function expand(address: string): readonly string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}
