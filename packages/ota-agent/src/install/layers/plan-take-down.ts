import { type BlockDevice, type LayerKind, MULTIPATH } from './block-device.ts';

/** A device to stop, or a signature to wipe. */
export type TakeDownStep =
  | { readonly kind: 'dm'; readonly device: string; readonly name: string }
  /** A map of multipath. */
  | { readonly kind: 'multipath'; readonly device: string; readonly name: string }
  /** A pool. `device` is for people. */
  | { readonly kind: 'zfs'; readonly device: string; readonly name: string }
  | { readonly kind: 'md'; readonly device: string }
  /** `on`: the devices below it, whose cache set is stopped too. */
  | { readonly kind: 'bcache'; readonly device: string; readonly on: readonly string[] }
  /** A cache or a backing device that bcache has open. */
  | { readonly kind: 'bcache-member'; readonly device: string }
  /**
   * Wipes the signature that would make the kernel or udev open it again from this disk or
   * partition.
   */
  | { readonly kind: 'wipe'; readonly device: string };

/** How to take down the layers on a disk, or why that is refused. */
export type TakeDown =
  | { readonly steps: readonly TakeDownStep[]; readonly refusal?: undefined }
  | { readonly steps?: undefined; readonly refusal: string };

/**
 * The layers on one disk (LVM, RAID, encryption, bcache, multipath, ZFS), and how to take them
 * down: the top layer first, then the signatures on the disk and its partitions. Layers that are
 * partly on another disk are refused, as they may contain data that somebody needs.
 *
 * @param disk kernel's name of the disk.
 * @returns undefined if there are none.
 */
export function planTakeDown(disk: string, devices: readonly BlockDevice[]): TakeDown | undefined {
  const own = ownDevices(disk, devices);
  const layers = layersOn(own, devices);
  const ofBcache = new Set(
    devices.filter((device) => device.ofBcache && own.has(device.name)).map(({ name }) => name),
  );
  if (layers.length === 0 && ofBcache.size === 0) {
    return undefined;
  }
  const whole = new Set([...own, ...layers.map(({ name }) => name)]);
  for (const layer of layers) {
    const elsewhere = layer.on.filter((name) => !whole.has(name));
    if (elsewhere.length > 0) {
      const places = elsewhere.map((name) => `/dev/${name}`).join(' and ');
      return {
        refusal: `${nameOf(layer)} is open on it, and also uses ${places}${byHand(layer.layer)}`,
      };
    }
    if (layer.layer.kind === 'zfs' && layer.layer.mountedAt !== undefined) {
      const { mountedAt } = layer.layer;
      return { refusal: `${nameOf(layer)} on it is mounted at ${mountedAt}${byHand(layer.layer)}` };
    }
    if (layer.layer.kind === 'other' && layer.partitionOf === undefined) {
      return { refusal: `/dev/${layer.name} is open on it, and is of an unknown kind` };
    }
  }
  const members = [...own].filter(
    (name) => ofBcache.has(name) || layers.some(({ on }) => on.includes(name)),
  );
  return {
    steps: [
      ...layers.flatMap(ending),
      ...[...ofBcache].map(
        (name): TakeDownStep => ({ kind: 'bcache-member', device: `/dev/${name}` }),
      ),
      ...members.map((name): TakeDownStep => ({ kind: 'wipe', device: `/dev/${name}` })),
    ],
  };
}

/** What it is and where, in words. */
function nameOf({ name, layer }: BlockDevice): string {
  return layer.kind === 'zfs' ? whatIs(layer) : `/dev/${name} (${whatIs(layer)})`;
}

/** How the user can stop what we do not. */
function byHand(layer: LayerKind): string {
  if (layer.kind === 'zfs') {
    return ` (\`zpool export ${layer.name}\` ends it)`;
  }
  return isMultipath(layer) ? ` (\`multipath -f ${layer.name}\` ends it)` : '';
}

function isMultipath(layer: LayerKind): layer is Extract<LayerKind, { kind: 'dm' }> {
  return layer.kind === 'dm' && layer.what === MULTIPATH;
}

/** A layer in words. */
export function whatIs(layer: LayerKind): string {
  switch (layer.kind) {
    case 'dm':
      return `${layer.what} ${layer.name}`;
    case 'md':
      return 'RAID';
    case 'bcache':
      return 'bcache';
    case 'zfs':
      return `ZFS pool ${layer.name}`;
    case 'other':
      return 'unknown';
  }
}

/** The disk and its partitions. */
function ownDevices(disk: string, devices: readonly BlockDevice[]): ReadonlySet<string> {
  return new Set([
    disk,
    ...devices.filter(({ partitionOf }) => partitionOf === disk).map(({ name }) => name),
  ]);
}

/** The devices on top of these devices, directly or not, each before those below it. */
function layersOn(own: ReadonlySet<string>, devices: readonly BlockDevice[]): BlockDevice[] {
  const found: BlockDevice[] = [];
  let below: ReadonlySet<string> = own;
  // Each round is one layer up; a device on several of them counts with the highest.
  for (let round = 0; below.size > 0 && round <= devices.length; round += 1) {
    const next = devices.filter(
      ({ name, on, partitionOf }) =>
        !own.has(name) &&
        (on.some((one) => below.has(one)) || (partitionOf !== undefined && below.has(partitionOf))),
    );
    for (const device of next) {
      const before = found.indexOf(device);
      if (before >= 0) {
        found.splice(before, 1);
      }
      found.push(device);
    }
    below = new Set(next.map(({ name }) => name));
  }
  return found.toReversed();
}

function ending(layer: BlockDevice): readonly TakeDownStep[] {
  const { name, ofBcache } = layer;
  const device = `/dev/${name}`;
  return [
    ...(ofBcache ? [{ kind: 'bcache-member', device } as const] : []),
    ...endingOf(layer, device),
  ];
}

function endingOf({ layer, on }: BlockDevice, device: string): readonly TakeDownStep[] {
  switch (layer.kind) {
    case 'dm':
      return [{ kind: isMultipath(layer) ? 'multipath' : 'dm', device, name: layer.name }];
    case 'zfs':
      return [{ kind: 'zfs', device: whatIs(layer), name: layer.name }];
    case 'md':
      return [{ kind: 'md', device }];
    case 'bcache':
      return [{ kind: 'bcache', device, on: on.map((one) => `/dev/${one}`) }];
    case 'other':
      // A partition of a RAID is stopped with it.
      return [];
  }
}
