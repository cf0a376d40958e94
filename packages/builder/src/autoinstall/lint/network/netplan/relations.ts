import { type KeyPath, show } from '@micro-linux/provision';
import type { Remark } from '../../../check/finding.ts';
import { wrong } from './checks.ts';
import type { Device } from './devices.ts';
import { treeGroupIn, treeListIn, treeTextIn } from './tree.ts';

/** A place where a device names another. */
interface Reference {
  readonly from: Device;
  readonly to: string;
  readonly path: KeyPath;
}

/** References between devices, which netplan checks as a whole. */
export function relationRemarks(devices: readonly Device[]): Remark[] {
  const byId = new Map(devices.map((device) => [device.id, device]));
  const references = devices.flatMap(referencesOf);
  return [
    ...sameIds(devices),
    ...references.filter(({ to }) => !byId.has(to)).flatMap(undefinedRemark),
    ...twice(devices, ['bonds', 'bridges'], 'is a member of'),
    ...twice(devices, ['vrfs'], 'is in'),
    ...primaries(devices),
    ...costs(devices, references, byId),
    ...peers(devices, byId),
  ];
}

function referencesOf(device: Device): Reference[] {
  const { kind, tree, path } = device;
  const to = (key: string): Reference[] => {
    const name = treeTextIn(tree, key);
    return name === undefined ? [] : [{ from: device, to: name, path: [...path, key] }];
  };
  const members = treeListIn(tree, 'interfaces').flatMap((name, index) =>
    typeof name === 'string'
      ? [{ from: device, to: name, path: [...path, 'interfaces', index] }]
      : [],
  );
  const parameters = treeGroupIn(tree, 'parameters');
  switch (kind) {
    case 'bonds': {
      const primary = treeTextIn(parameters, 'primary');
      return [
        ...members,
        ...(primary === undefined
          ? []
          : [{ from: device, to: primary, path: [...path, 'parameters', 'primary'] }]),
      ];
    }
    case 'bridges':
      return [
        ...members,
        ...['path-cost', 'port-priority'].flatMap((key) =>
          Object.keys(treeGroupIn(parameters, key)).map((name) => ({
            from: device,
            to: name,
            path: [...path, 'parameters', key, name],
          })),
        ),
      ];
    case 'vrfs':
      return members;
    case 'vlans':
    case 'virtual-ethernets':
      // NetworkManager does not need the other end.
      return device.renderer === 'NetworkManager' ? [] : to(kind === 'vlans' ? 'link' : 'peer');
    case 'tunnels':
    case 'ethernets':
    case 'nm-devices':
      return to('link');
    default:
      return [];
  }
}

function undefinedRemark({ to, path }: Reference): Remark[] {
  return [
    wrong(
      'network-reference',
      path,
      `${show(to)} is not a device of this network`,
      `add it: ethernets: {${to}: {}}; a device is named by its id here, not by its match`,
    ),
  ];
}

function sameIds(devices: readonly Device[]): Remark[] {
  const kinds = new Map<string, string>();
  return devices.flatMap(({ id, kind, path }): Remark[] => {
    const first = kinds.get(id);
    kinds.set(id, first ?? kind);
    return first === undefined || first === kind
      ? []
      : [
          {
            rule: 'network-reference',
            path,
            at: 'key',
            problem: `is one of the ${first} already`,
            fix: 'give it another id',
          },
        ];
  });
}

function twice(devices: readonly Device[], kinds: readonly string[], how: string): Remark[] {
  const owners = new Map<string, string>();
  return devices
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap(({ id, tree, path }) =>
      treeListIn(tree, 'interfaces').flatMap((name, index): Remark[] => {
        if (typeof name !== 'string') {
          return [];
        }
        const owner = owners.get(name);
        owners.set(name, owner ?? id);
        return owner === undefined || owner === id
          ? []
          : [
              wrong(
                'network-reference',
                [...path, 'interfaces', index],
                `${show(name)} ${how} ${owner} already`,
                'put it into one of the two',
              ),
            ];
      }),
    );
}

function primaries(devices: readonly Device[]): Remark[] {
  const owners = new Map<string, string>();
  return devices
    .filter(({ kind }) => kind === 'bonds')
    .flatMap(({ id, tree, path }): Remark[] => {
      const primary = treeTextIn(treeGroupIn(tree, 'parameters'), 'primary');
      const owner = primary === undefined ? undefined : owners.get(primary);
      if (primary === undefined || owner === undefined) {
        owners.set(primary ?? '', id);
        return [];
      }
      return [
        wrong(
          'network-reference',
          [...path, 'parameters', 'primary'],
          `${show(primary)} is the primary of ${owner} already`,
          'name another one',
        ),
      ];
    });
}

/**
 * netplan reads a network again if something is named before it is defined, and then
 * refuses the port cost that it set in the first pass.
 */
function costs(
  devices: readonly Device[],
  references: readonly Reference[],
  byId: ReadonlyMap<string, Device>,
): Remark[] {
  const place = new Map(devices.map((device, index) => [device.id, index]));
  const at = (id: string) => place.get(id) ?? devices.length;
  const isTwoRounds = references.some(({ from, to }) => at(to) > at(from.id) && byId.has(to));
  const owners = new Map<string, string>();
  return devices
    .filter(({ kind }) => kind === 'bridges')
    .flatMap(({ id, tree, path }) =>
      ['path-cost', 'port-priority'].flatMap((key) =>
        Object.entries(treeGroupIn(treeGroupIn(tree, 'parameters'), key)).flatMap(
          ([name, value]): Remark[] => {
            const isSet = typeof value === 'string' && Number(value) !== 0;
            const owner = owners.get(`${key} ${name}`);
            if (isSet) {
              owners.set(`${key} ${name}`, owner ?? id);
            }
            const isAgain = isTwoRounds && isSet && at(name) <= at(id);
            return owner === undefined && !isAgain
              ? []
              : [
                  wrong(
                    'network-reference',
                    [...path, 'parameters', key, name],
                    owner === undefined
                      ? 'is set twice by netplan, which goes through this network two times'
                      : `is set by ${owner} already`,
                    'leave it out',
                  ),
                ];
          },
        ),
      ),
    );
}

function peers(devices: readonly Device[], byId: ReadonlyMap<string, Device>): Remark[] {
  return devices
    .filter(({ kind }) => kind === 'virtual-ethernets')
    .flatMap(({ id, tree, path }): Remark[] => {
      const peer = treeTextIn(tree, 'peer');
      const other = peer === undefined ? undefined : byId.get(peer);
      const say = (problem: string) => [
        wrong('network-reference', [...path, 'peer'], problem, 'name the other end of the pair'),
      ];
      if (peer === id) {
        return say('is the device itself');
      }
      if (other && other.kind !== 'virtual-ethernets') {
        return say(`${show(other.id)} is not a virtual ethernet`);
      }
      const back = other && treeTextIn(other.tree, 'peer');
      if (other && back !== undefined && back !== id) {
        return say(`${show(other.id)} has ${show(back)} for its peer`);
      }
      return peer === undefined
        ? [wrong('network-key', path, 'has no peer', 'write peer: and the id of the other end')]
        : [];
    });
}
