import { isIPv6 } from 'node:net';
import { checkGateway, inSubnet, type KeyPath, show } from '@micro-linux/provision';
import type { Remark } from '../../check/finding.ts';
import { boolOf, isAddress } from './netplan/checks.ts';
import { withoutPrefix } from './netplan/routes.ts';
import { isTreeGroup, type Tree, type TreeGroup, treeListIn, treeTextIn } from './netplan/tree.ts';

/**
 * Routers that the device can never reach: netplan accepts them, and networkd then fails to set the
 * route. Checked only if all routes are known: DHCP, a router advertisement or another route may add the
 * network of the router.
 */
export function unreachableRouters(device: TreeGroup, path: KeyPath): Remark[] {
  const addresses = treeListIn(device, 'addresses').map((one) =>
    typeof one === 'string' ? one : isTreeGroup(one) ? (Object.keys(one)[0] ?? '') : '',
  );
  const routes = treeListIn(device, 'routes');
  return routes.flatMap((route, index): Remark[] => {
    const via = treeTextIn(route, 'via');
    if (
      via === undefined ||
      !isAddress(via) ||
      boolOf(treeTextIn(route, 'on-link')) === true ||
      bringsMore(device, via) ||
      routes.some((other, at) => at !== index && leadsTo(other, via))
    ) {
      return [];
    }
    const problems = addresses
      .filter(
        (text) =>
          isAddress(withoutPrefix(text)) &&
          isIPv6(withoutPrefix(text)) === isIPv6(via) &&
          /\/\d{1,3}$/.test(text),
      )
      .map((text) =>
        outside(via, withoutPrefix(text), Number(text.slice(withoutPrefix(text).length + 1))),
      );
    const [first] = problems;
    return first !== undefined && problems.every((one) => one !== undefined)
      ? [
          {
            rule: 'network-router',
            path: [...path, 'routes', index, 'via'],
            problem: first,
            fix: 'write on-link: true next to it if it is on the same link, or an address inside',
          },
        ]
      : [];
  });
}

/** Why a router is not in a network; undefined if it is. */
function outside(via: string, address: string, prefix: number): string | undefined {
  if (via.toLowerCase().startsWith('fe80:')) {
    return undefined;
  }
  return prefix <= (isIPv6(via) ? 128 : 32) && !inSubnet(via, address, prefix)
    ? `${show(via)} is outside the network ${address}/${prefix}`
    : checkGateway({ kind: 'static', address, prefix, gateway: via })?.what;
}

/** Whether the device gets networks in addition to those in the file. */
function bringsMore(device: TreeGroup, via: string): boolean {
  const isOn = (key: string, otherwise: boolean) => boolOf(treeTextIn(device, key)) ?? otherwise;
  return isIPv6(via) ? isOn('dhcp6', false) || isOn('accept-ra', true) : isOn('dhcp4', false);
}

/** Whether a route without a router, or an on-link one, leads to an address. */
function leadsTo(route: Tree, address: string): boolean {
  const to = treeTextIn(route, 'to');
  const isDirect =
    treeTextIn(route, 'via') === undefined || boolOf(treeTextIn(route, 'on-link')) === true;
  if (!isDirect || to === undefined || !isAddress(withoutPrefix(to))) {
    return isDirect && to === 'default';
  }
  const prefix = to.slice(withoutPrefix(to).length + 1);
  const bits = isIPv6(address) ? 128 : 32;
  return (
    /^\d{0,3}$/.test(prefix) &&
    Number(prefix) <= bits &&
    isIPv6(withoutPrefix(to)) === isIPv6(address) &&
    inSubnet(address, withoutPrefix(to), prefix === '' ? bits : Number(prefix))
  );
}
