/** The kernel's files about the uses of block devices, as text. */
export interface DeviceUseFacts {
  /** `/proc/self/mountinfo`. */
  readonly mounts: string;
  /** `/proc/swaps`. */
  readonly swaps: string;
  /** Names in the device's `holders` directory: device-mapper, md, … */
  readonly holders: readonly string[];
}

/** A block device, by both its names. */
export interface DeviceName {
  readonly path: string;
  /** `major:minor`; undefined for a plain file. */
  readonly number: string | undefined;
}

/** One use of a device: a mount, swap, or another device that is made of it. */
export type DeviceUse =
  | { readonly kind: 'mount'; readonly at: string }
  | { readonly kind: 'swap' }
  | { readonly kind: 'holder'; readonly name: string };

/** The uses of a device; empty when there are none. */
export function deviceUsers(device: DeviceName, facts: DeviceUseFacts): readonly DeviceUse[] {
  return [
    ...mountPoints(device, facts.mounts).map((at) => ({ kind: 'mount', at }) as const),
    ...(swapsTo(device.path, facts.swaps) ? [{ kind: 'swap' } as const] : []),
    ...facts.holders.map((name) => ({ kind: 'holder', name }) as const),
  ];
}

/** Whether the running system's own root is on the device. */
export function holdsRoot(users: readonly DeviceUse[]): boolean {
  return users.some((use) => use.kind === 'mount' && use.at === '/');
}

/** A use in words. */
export function describeUse(use: DeviceUse): string {
  switch (use.kind) {
    case 'mount':
      return `it is mounted at ${use.at}`;
    case 'swap':
      return 'it is used as swap';
    case 'holder':
      return `the device ${use.name} is on it`;
  }
}

/** Where a device is mounted; see proc_pid_mountinfo(5) for the fields. */
export function mountPoints(device: DeviceName, mounts: string): readonly string[] {
  return mounts.split('\n').flatMap((line) => {
    const [fields = '', tail = ''] = line.split(' - ');
    const [, , number, , point] = fields.split(' ');
    const source = tail.split(' ')[1];
    const same = device.number === undefined ? source === device.path : number === device.number;
    return same && point !== undefined ? [unescapeOctal(point)] : [];
  });
}

function swapsTo(path: string, swaps: string): boolean {
  return swaps
    .split('\n')
    .slice(1)
    .some((line) => unescapeOctal(line.split(/\s+/)[0] ?? '') === path);
}

/** Spaces and similar characters are written as `\040`. */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
