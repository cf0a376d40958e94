import type { KeyPath } from '@micro-linux/provision';
import type { Remark } from '../../../check/finding.ts';
import { type Check, group, isDeviceName, notAGroup, textThat } from './checks.ts';
import { anything, renderer } from './device-keys.ts';
import { DEVICE_KINDS } from './device-kinds.ts';
import { deviceRules } from './device-rules.ts';
import { devicesOf, RENDERER_KEY } from './devices.ts';
import { relationRemarks } from './relations.ts';
import { isTreeGroup, type Tree } from './tree.ts';

const version = textThat(
  // As C's strtol: what follows the digits is ignored.
  (value) => Number(/^\s*\+?(\d+)/.exec(value)?.[1] ?? 0) === 2,
  'is not version 2',
  'write version: 2',
);

/** The devices of a group by their ids, and `renderer`. */
function devices(device: Check): Check {
  return (value, path) =>
    isTreeGroup(value)
      ? Object.entries(value).flatMap(([id, one]) => {
          const at = [...path, id];
          if (id === RENDERER_KEY) {
            return renderer(one, at);
          }
          return [...badId(id, at), ...(isTreeGroup(one) ? device(one, at) : notAGroup(at))];
        })
      : notAGroup(path);
}

function badId(id: string, path: KeyPath): Remark[] {
  return isDeviceName(id) && !/[*[\]?]/.test(id)
    ? []
    : [
        {
          rule: 'network-key',
          path,
          at: 'key',
          problem: 'is not an id: it has a blank or one of *?[] in it',
          fix: 'write a name of your own, and match: {name: "en*"} below it',
        },
      ];
}

const network = group({
  version,
  renderer,
  openvswitch: anything,
  ...Object.fromEntries(Object.entries(DEVICE_KINDS).map(([kind, keys]) => [kind, devices(keys)])),
});

/** What `netplan generate` of Ubuntu 24.04 would refuse in a network. */
export function netplanRemarks(tree: Tree, path: KeyPath): Remark[] {
  const all = devicesOf(tree, path);
  return [
    ...network(tree, path),
    ...all.flatMap((device) => deviceRules(device, all)),
    ...relationRemarks(all),
  ];
}
