import type { KeyPath } from '@micro-linux/provision';
import { DEVICE_KINDS, type DeviceKind } from './device-kinds.ts';
import { isTreeGroup, type Tree, type TreeGroup, treeGroupIn, treeTextIn } from './tree.ts';

/** The renderer of a device. */
export type Renderer = 'networkd' | 'NetworkManager' | 'unknown';

/** A device that is a mapping. */
export interface Device {
  readonly kind: DeviceKind;
  readonly id: string;
  readonly tree: TreeGroup;
  readonly path: KeyPath;
  readonly renderer: Renderer;
}

/** The key next to devices that sets the renderer of those after it. */
export const RENDERER_KEY = 'renderer';

export function isDeviceKind(key: string): key is DeviceKind {
  return Object.hasOwn(DEVICE_KINDS, key);
}

/** All devices of a network, in the order in which netplan reads them. */
export function devicesOf(network: Tree, path: KeyPath): readonly Device[] {
  const overall = treeTextIn(network, RENDERER_KEY);
  return Object.keys(isTreeGroup(network) ? network : {})
    .filter(isDeviceKind)
    .flatMap((kind) => {
      const group = treeGroupIn(network, kind);
      return Object.entries(group).flatMap(([id, tree]): Device[] => {
        if (id === RENDERER_KEY || !isTreeGroup(tree)) {
          return [];
        }
        const ofKind = id > RENDERER_KEY ? treeTextIn(group, RENDERER_KEY) : undefined;
        const renderer =
          kind === 'nm-devices'
            ? 'NetworkManager'
            : rendererOf(treeTextIn(tree, RENDERER_KEY) ?? ofKind ?? overall ?? 'networkd');
        return [{ kind, id, tree, path: [...path, kind, id], renderer }];
      });
    });
}

function rendererOf(text: string): Renderer {
  return text === 'networkd' || text === 'NetworkManager' ? text : 'unknown';
}
