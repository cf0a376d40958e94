import { type Group, groupIn, isGroup, type KeyPath } from '@micro-linux/provision';
import type { Remark } from '../../check/finding.ts';
import type { Seed } from '../../seed/parse-seed.ts';
import { advise } from '../advice.ts';
import { addressRemarks } from './addresses.ts';
import { DEVICE_GROUPS, deviceKeys, NETWORK_KEYS } from './netplan-keys.ts';

/** The network, which netplan reads, in the running installer too: a mistake ends it there. */
export function networkRemarks({ autoinstall, base }: Seed): Remark[] {
  const outer = autoinstall['network'];
  if (!isGroup(outer)) {
    return [];
  }
  const isNested = isGroup(outer['network']);
  const network = isNested ? groupIn(outer, 'network') : outer;
  const path = [...base, 'network', ...(isNested ? ['network'] : [])];
  return [
    ...(isNested
      ? [
          {
            rule: 'nested-network',
            path,
            at: 'key',
            problem: 'repeats its name, which the installer takes from old seeds only',
            fix: 'take this line out, and move what is below it to the left',
          } as const,
        ]
      : []),
    ...unknown(network, NETWORK_KEYS, path),
    ...DEVICE_GROUPS.flatMap((group) =>
      Object.entries(groupIn(network, group)).flatMap(([name, device]) =>
        deviceRemarks(group, name, device, [...path, group, name]),
      ),
    ),
  ];
}

function deviceRemarks(group: string, name: string, device: unknown, path: KeyPath): Remark[] {
  if (name === 'match') {
    const fix = 'write a name of your own above it: wired: {match: {name: "en*"}, dhcp4: true}';
    return [{ rule: 'network-key', path, at: 'key', problem: 'belongs inside a device', fix }];
  }
  if (!isGroup(device)) {
    const fix = 'write its keys below it: dhcp4: true';
    return [{ rule: 'network-key', path, problem: 'must be a group of keys', fix }];
  }
  return [
    ...unknown(device, deviceKeys(group), path),
    ...addressRemarks(device, path),
    ...deprecated(device, path),
    ...(group === 'ethernets' ? [...matching(device, path), ...waiting(device, path)] : []),
  ];
}

function unknown(group: Group, known: readonly string[], path: KeyPath): Remark[] {
  return Object.keys(group)
    .filter((key) => !known.includes(key))
    .map((key) => ({
      rule: 'network-key',
      path: [...path, key],
      at: 'key',
      problem: 'is no key of netplan: it refuses the whole network',
      fix: advise(key, '', known),
    }));
}

function deprecated(device: Group, path: KeyPath): Remark[] {
  return ['gateway4', 'gateway6']
    .filter((key) => key in device)
    .map((key) => ({
      rule: 'network-deprecated',
      path: [...path, key],
      at: 'key',
      problem: 'is given up by netplan',
      fix: `write routes: [{to: default, via: ${String(device[key])}}]`,
    }));
}

function matching(device: Group, path: KeyPath): Remark[] {
  return ['macaddress', 'driver']
    .filter((key) => key in groupIn(device, 'match'))
    .map((key) => ({
      rule: 'network-match',
      path: [...path, 'match', key],
      at: 'key',
      problem: 'makes cloud-init stop where no device fits: "Not all expected physical devices"',
      fix: 'match by name: {name: "en*"}',
    }));
}

function waiting(device: Group, path: KeyPath): Remark[] {
  return device['optional'] === true
    ? []
    : [
        {
          rule: 'network-wait',
          path,
          at: 'key',
          problem: 'holds up the boot for two minutes where no cable is in',
          fix: 'add optional: true',
        },
      ];
}
