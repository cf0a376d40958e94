import { basename, join } from 'node:path';
import { BOOT_PROGRAMS, SlotPath } from '@micro-linux/core';
import { type AccountFiles, dataTree, type TreeEntry } from '@micro-linux/provision';
import type { Config } from '../../config/config.ts';
import { identityOf } from '../../config/identity/identity-of.ts';
import type { Trust } from '../../keys/trust.ts';
import { agentFiles } from '../slot/agent-files.ts';
import { builtOverlay } from '../slot/slot-overlay.ts';

/** What every image gets from the build itself: paths of files and links. */
export interface OwnPaths {
  /** In the slot. */
  readonly slot: ReadonlySet<string>;
  /** Names of units in the slot. */
  readonly units: ReadonlySet<string>;
  /** On the data partition, by the path on the device: `/etc/hostname`. */
  readonly device: ReadonlySet<string>;
}

const NO_ACCOUNTS: AccountFiles = { passwd: '', group: '', shadow: '', gshadow: '' };

/** Prefix of what the data partition lays over the slot's /etc. */
const UPPER = '/etc/upper/';

/**
 * The paths that the build writes, from the entries that it writes.
 *
 * @param overlay the files that are the same for every image.
 */
export function ownPaths(config: Config, trust: Trust, overlay: readonly TreeEntry[]): OwnPaths {
  const slot = [
    ...overlay,
    // Only their paths count.
    ...builtOverlay({
      agent: { bundle: '', codeCache: '' },
      node: '',
      grubSlotConfig: '',
      settings: agentFiles(config, trust),
    }),
  ].filter(({ kind }) => kind !== 'directory');
  const paths = slot.map(({ path }) => path);
  const { passwords: _, ...identity } = identityOf(config, undefined);
  const device = dataTree(identity, NO_ACCOUNTS)
    .filter(({ kind }) => kind !== 'directory')
    .map(({ path }) => (path.startsWith(UPPER) ? `/etc/${path.slice(UPPER.length)}` : path));
  return {
    slot: new Set([
      ...paths,
      SlotPath.imageInfo,
      ...BOOT_PROGRAMS.map(({ name }) => join(SlotPath.bootloader, name)),
    ]),
    units: new Set(
      paths
        .filter((path) => /^\/usr\/lib\/systemd\/system\/[^/]+$/.test(path))
        .map((path) => basename(path)),
    ),
    device: new Set(device),
  };
}
