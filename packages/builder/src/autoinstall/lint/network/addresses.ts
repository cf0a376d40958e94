import { isIP } from 'node:net';
import {
  checkAddress,
  checkGateway,
  type Group,
  groupIn,
  isGroup,
  type KeyPath,
  listIn,
  show,
} from '@micro-linux/provision';
import type { Remark } from '../../check/finding.ts';

/** Addresses, routers and name servers of a device. */
export function addressRemarks(device: Group, path: KeyPath): Remark[] {
  const addresses = listIn(device, 'addresses').map((one) =>
    // An address may be a group of one key: its label and lifetime.
    String(isGroup(one) ? (Object.keys(one)[0] ?? '') : one),
  );
  return [
    ...notAList(device['addresses'], [...path, 'addresses'], 'addresses: [192.0.2.10/24]'),
    ...addresses.flatMap((text, index) => interfaceAddress(text, [...path, 'addresses', index])),
    ...listIn(device, 'routes').flatMap((route, index) =>
      isGroup(route) ? routeRemarks(route, addresses, [...path, 'routes', index]) : [],
    ),
    ...nameservers(device, [...path, 'nameservers']),
  ];
}

function interfaceAddress(text: string, path: KeyPath): Remark[] {
  const [address = '', prefix] = text.split('/');
  const family = isIP(address);
  if (family === 0) {
    return [wrong(path, `${show(text)} is no IP address`, 'write an address as 192.0.2.10/24')];
  }
  if (prefix === undefined) {
    return [wrong(path, `${show(text)} has no prefix length`, `write ${address}/24, say`)];
  }
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128)
    ? []
    : [wrong(path, `${show(text)} has no valid prefix length`, `write ${address}/24, say`)];
}

function routeRemarks(route: Group, addresses: readonly string[], path: KeyPath): Remark[] {
  const { to, via } = route;
  if (typeof via === 'string' && isIP(via) === 0) {
    const fix = 'write the address of the router, without a prefix length';
    return [wrong([...path, 'via'], `${show(via)} is no IP address`, fix)];
  }
  const isDefault = to === 'default' || to === '0.0.0.0/0' || to === '::/0';
  if (typeof to === 'string' && !isDefault && isIP(to.split('/')[0] ?? '') === 0) {
    return [wrong([...path, 'to'], `${show(to)} is no network`, 'write default, or 192.0.2.0/24')];
  }
  return typeof via === 'string' && route['on-link'] !== true
    ? unreachable(via, addresses, [...path, 'via'])
    : [];
}

function unreachable(via: string, addresses: readonly string[], path: KeyPath): Remark[] {
  const problems = addresses.map((text) => {
    const [address = '', prefix] = text.split('/');
    return isIP(address) === isIP(via)
      ? checkGateway({ kind: 'static', address, prefix: Number(prefix), gateway: via })
      : undefined;
  });
  const [first] = problems;
  const sameFamily = addresses.some((text) => isIP(text.split('/')[0] ?? '') === isIP(via));
  return sameFamily && first !== undefined && problems.every((one) => one !== undefined)
    ? [wrong(path, first.what, first.fix ?? 'write the address of the router')]
    : [];
}

function nameservers(device: Group, path: KeyPath): Remark[] {
  const value = device['nameservers'];
  if (value !== undefined && !isGroup(value)) {
    return [wrong(path, 'must be a group of keys', 'write nameservers: {addresses: [192.0.2.53]}')];
  }
  const list = groupIn(device, 'nameservers');
  return [
    ...notAList(list['addresses'], [...path, 'addresses'], 'addresses: [192.0.2.53]'),
    ...listIn(list, 'addresses').flatMap((server, index) => {
      const problem = checkAddress(String(server));
      return problem
        ? [wrong([...path, 'addresses', index], problem.what, problem.fix ?? 'write an address')]
        : [];
    }),
  ];
}

function notAList(value: unknown, path: KeyPath, example: string): Remark[] {
  return value === undefined || Array.isArray(value)
    ? []
    : [wrong(path, 'must be a list', `write ${example}`)];
}

function wrong(path: KeyPath, problem: string, fix: string): Remark {
  return { rule: 'network-address', path, problem, fix };
}
