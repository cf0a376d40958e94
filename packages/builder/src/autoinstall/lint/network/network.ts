import { type Group, groupIn, isGroup, type KeyPath } from '@micro-linux/provision';
import type { Remark } from '../../check/finding.ts';
import { exactValue } from '../../seed/exact-value.ts';
import type { Seed } from '../../seed/parse-seed.ts';
import { boolOf } from './netplan/checks.ts';
import { type Device, devicesOf } from './netplan/devices.ts';
import { netplanRemarks } from './netplan/netplan.ts';
import { netplanTree, type TreeGroup, treeGroupIn, treeTextIn } from './netplan/tree.ts';
import { unreachableRouters } from './reachable.ts';

/** The network. netplan also reads it in the running installer, where a mistake ends the installation. */
export function networkRemarks({ autoinstall, base, exact }: Seed): Remark[] {
  const outer = autoinstall['network'];
  if (!isGroup(outer)) {
    return [];
  }
  const isNested = isGroup(outer['network']);
  const path = [...base, 'network', ...(isNested ? ['network'] : [])];
  const tree = netplanTree(exactValue(exact, path));
  return [
    ...(isNested
      ? [
          {
            rule: 'nested-network',
            path,
            at: 'key',
            problem: 'repeats its name, which the installer accepts from old seeds only',
            fix: 'remove this line, and move what is below it to the left',
          } as const,
        ]
      : []),
    ...misplacedMatch(isNested ? groupIn(outer, 'network') : outer, path),
    ...netplanRemarks(tree, path),
    ...devicesOf(tree, path).flatMap(deviceAdvice),
  ];
}

/** `match` in place of a device: netplan reads it as a device id. */
function misplacedMatch(network: Group, path: KeyPath): Remark[] {
  return 'match' in groupIn(network, 'ethernets')
    ? [
        {
          rule: 'network-key',
          path: [...path, 'ethernets', 'match'],
          at: 'key',
          problem: 'belongs inside a device',
          fix: 'write a name of your own above it: wired: {match: {name: "en*"}, dhcp4: true}',
        },
      ]
    : [];
}

function deviceAdvice({ kind, tree, path }: Device): Remark[] {
  return [
    ...unreachableRouters(tree, path),
    ...deprecated(tree, path),
    ...(kind === 'ethernets' ? [...matching(tree, path), ...waiting(tree, path)] : []),
  ];
}

function deprecated(device: TreeGroup, path: KeyPath): Remark[] {
  return ['gateway4', 'gateway6']
    .filter((key) => key in device)
    .map((key) => ({
      rule: 'network-deprecated',
      path: [...path, key],
      at: 'key',
      problem: 'is deprecated in netplan',
      fix: `write routes: [{to: default, via: ${String(device[key])}}]`,
    }));
}

function matching(device: TreeGroup, path: KeyPath): Remark[] {
  return ['macaddress', 'driver']
    .filter((key) => key in treeGroupIn(device, 'match'))
    .map((key) => ({
      rule: 'network-match',
      path: [...path, 'match', key],
      at: 'key',
      problem: 'makes cloud-init stop where no device matches: "Not all expected physical devices"',
      fix: 'match by name: {name: "en*"}',
    }));
}

function waiting(device: TreeGroup, path: KeyPath): Remark[] {
  return boolOf(treeTextIn(device, 'optional')) === true
    ? []
    : [
        {
          rule: 'network-wait',
          path,
          at: 'key',
          problem: 'delays the boot by two minutes if no cable is connected',
          fix: 'add optional: true',
        },
      ];
}
