import { randomBytes } from 'node:crypto';
import { lstat, mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '@micro-linux/core';
import { removeTree } from '../userns/remove-tree.ts';
import { killOrphans } from './kill-orphans.ts';
import { OWNER_PATTERN, type Owner, ownerName, ownerRuns, ownOwner, parseOwner } from './owner.ts';

/** Purpose of a folder of ours; the first part of its name. */
export type FolderKind =
  | 'micro-linux-'
  | `micro-linux-${'inspect' | 'keyring' | 'kvm' | 'mirrors' | 'remaster' | 'seed' | 'source' | 'target' | 'update' | 'vm'}-`
  /** The unfinished output of a step, in the cache; or a key pair, next to its final path. */
  | '.new-';

const NAME = new RegExp(`^(?:micro-linux-(?:[a-z]+-)?|\\.new-)${OWNER_PATTERN}-[A-Za-z0-9]{6}$`);

/** Milliseconds until a folder is removed if its owner is not visible from here: a day. */
const UNSEEN_MS = 24 * 60 * 60 * 1000;

/**
 * Creates a folder for this process, mode 0700. The process removes it. If it could not (SIGKILL,
 * power loss), {@link sweepFolders} does, which is called here first.
 */
export async function makeOwnFolder(
  parent: string,
  kind: FolderKind,
  run: Runner,
): Promise<string> {
  await sweepFolders(parent, run);
  return mkdtemp(join(parent, `${kind}${ownerName(ownOwner())}-`));
}

/** Number of random characters after the owner in a folder's name. */
const RANDOM_CHARACTERS = 6;

/**
 * A path for a folder of this process, if it must be known before the folder is created (by
 * `mkdir`, mode 0700).
 */
export function ownFolderPath(parent: string, kind: FolderKind): string {
  const random = randomBytes(RANDOM_CHARACTERS / 2).toString('hex');
  return join(parent, `${kind}${ownerName(ownOwner())}-${random}`);
}

/**
 * Removes the folders in `parent` that dead processes of this user made with {@link makeOwnFolder},
 * and kills the programs they left running. Folders of another host, another container or an
 * earlier boot are removed when they are a day old.
 *
 * Never fails: the next run retries what cannot be removed.
 */
export async function sweepFolders(parent: string, run: Runner): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const owner = NAME.exec(name);
    const path = join(parent, name);
    if (owner && (await isLeftOver(path, parseOwner(owner.slice(1))))) {
      await removeTree(path, run).catch(() => undefined);
    }
  }
}

async function isLeftOver(path: string, owner: Owner): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  if (!info?.isDirectory() || info.uid !== process.getuid?.()) {
    return false;
  }
  const runs = ownerRuns(owner);
  if (runs === false) {
    await killOrphans(owner);
  }
  return runs === undefined ? Date.now() - info.mtimeMs > UNSEEN_MS : !runs;
}
