import { basename, dirname } from 'node:path';
import { DevicePath, SlotPath } from '@micro-linux/core';
import { INSTALL_TARGET, MEDIUM_DIRECTORY, STATE_DIRECTORY } from '@micro-linux/provision';
import { AGENT_DIRECTORY } from '../../product/agent.ts';
import { EARLY_DIRECTORIES } from '../slot/slot-overlay.ts';
import type { OwnPaths } from './own-paths.ts';

/** Why a file cannot be at a path of the image, and what to do instead. */
export interface Refusal {
  /** Continues the path: `is on the data partition`. */
  readonly why: string;
  readonly fix: string;
}

/** Places whose content is never the slot's: everything below them is refused. */
const PLACES: readonly (readonly [places: readonly string[], refusal: Refusal])[] = [
  [
    ['/var', '/home', '/root'],
    {
      why: 'is on the data partition, which hides it',
      fix: 'put it into a folder of `initial`: it is copied when a device is first made',
    },
  ],
  [
    ['/run', '/tmp'],
    {
      why: 'is in memory, and empty at each boot',
      fix: 'let systemd-tmpfiles make it: a line in /usr/lib/tmpfiles.d/NAME.conf',
    },
  ],
  [['/proc', '/sys', '/dev'], { why: 'belongs to the kernel', fix: 'leave it out' }],
  [
    [DevicePath.data],
    {
      why: 'is where the data partition is mounted',
      fix: 'use /var, /home or /root, from a folder of `initial`',
    },
  ],
  [
    [MEDIUM_DIRECTORY, INSTALL_TARGET],
    { why: 'is where an installation mounts its disks', fix: 'use another folder' },
  ],
  [
    ['/boot'],
    {
      why: 'is read by the boot loader, and written by the build',
      fix: 'leave it out; the keys `kernel` and `boot` say what can be set',
    },
  ],
  [
    ['/etc/default/grub', '/etc/default/grub.d', '/etc/grub.d'],
    {
      why: 'has no effect: the build writes the settings of GRUB',
      fix: 'use kernel.arguments and boot.timeoutSeconds',
    },
  ],
  [
    EARLY_DIRECTORIES,
    {
      why: 'has no effect: the initrd is made before the files are laid over the root',
      fix: 'leave it out',
    },
  ],
  [
    [dirname(SlotPath.imageInfo)],
    { why: 'belongs to the build', fix: 'use a folder of your own, such as /usr/lib/PRODUCT' },
  ],
];

/** Folders of the agent where files of a product belong. */
const AGENT_CONFIGS = [AGENT_DIRECTORY, '/etc/ota-agent'];
const OF_PRODUCTS = ['health.d', 'config.yaml.d'];

const AGENT_REFUSAL: Refusal = {
  why: "is the agent's own: with a mistake in it, a device would reject every update, or accept a wrong one",
  fix: `use ${AGENT_DIRECTORY}/health.d or ${AGENT_DIRECTORY}/config.yaml.d, or the keys of \`update\``,
};

/** What each device must have of its own. */
const IDENTITY = /^\/etc\/(?:machine-id|ssh\/ssh_host_\w+_key(?:\.pub)?)$/;

/** Where systemd looks for units, apart from /run. */
const UNIT_FOLDERS = [
  '/etc/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
];

/** Whether a path is a directory, or is below it. */
export function isAtOrBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

/**
 * Why a file cannot be at a path of the slot; undefined if it can.
 *
 * @param path absolute, without the links of the merged /usr.
 */
export function slotRefusal(path: string, own: OwnPaths): Refusal | undefined {
  const place = PLACES.find(([places]) => places.some((folder) => isAtOrBelow(path, folder)));
  if (place) {
    return place[1];
  }
  const agent = AGENT_CONFIGS.find((folder) => isAtOrBelow(path, folder));
  if (agent !== undefined) {
    const isAllowed = OF_PRODUCTS.some((name) => isAtOrBelow(path, `${agent}/${name}`));
    return isAllowed ? undefined : AGENT_REFUSAL;
  }
  if (IDENTITY.test(path)) {
    return { why: 'must differ between devices: each makes its own', fix: 'leave it out' };
  }
  if (own.slot.has(path)) {
    return { why: 'is written by the build', fix: 'use another name' };
  }
  if (own.device.has(path)) {
    return {
      why: 'is written to the data partition of each device, which hides it',
      fix: 'use the key of the config that sets it, or another name',
    };
  }
  if (UNIT_FOLDERS.includes(dirname(path)) && own.units.has(basename(path))) {
    return {
      why: 'would replace a unit that every boot and update needs',
      fix: `add to it instead: ${path}.d/NAME.conf`,
    };
  }
  return undefined;
}

/** Places on the data partition that are not for files of products. */
const NOT_INITIAL: readonly (readonly [places: readonly string[], refusal: Refusal])[] = [
  [
    ['/var/lib/dpkg', '/var/lib/apt'],
    { why: 'describes the packages of the slot', fix: 'leave it out' },
  ],
  [[STATE_DIRECTORY], { why: "is the agent's state", fix: 'leave it out' }],
  [
    ['/var/run', '/var/lock'],
    {
      why: 'is in memory, and empty at each boot',
      fix: 'let systemd-tmpfiles make it: a line in /usr/lib/tmpfiles.d/NAME.conf',
    },
  ],
];

/** The directories of the data partition that `initial` can add to. */
export const INITIAL_PLACES: readonly string[] = ['/var', '/home', '/root'];

/** Why a file of `initial` cannot be at a path of a device; undefined if it can. */
export function initialRefusal(path: string, own: OwnPaths): Refusal | undefined {
  if (!INITIAL_PLACES.some((place) => isAtOrBelow(path, place))) {
    return {
      why: 'is not on the data partition',
      fix: 'put it into a folder of `overlay`: what a device changes in /etc is kept anyway',
    };
  }
  const place = NOT_INITIAL.find(([places]) => places.some((folder) => isAtOrBelow(path, folder)));
  if (place) {
    return place[1];
  }
  return own.device.has(path)
    ? { why: 'is written from the config', fix: 'use the key of the config that sets it' }
    : undefined;
}
