import { randomBytes } from 'node:crypto';
import { lstat, mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '@micro-linux/core';
import { removeTree } from '../userns/remove-tree.ts';
import { killOrphans } from './kill-orphans.ts';
import { OWNER_PATTERN, type Owner, ownerName, ownerRuns, ownOwner, parseOwner } from './owner.ts';

/** What a folder of ours is for; the first part of its name. */
export type FolderKind =
  | 'micro-linux-'
  | `micro-linux-${'inspect' | 'keyring' | 'kvm' | 'remaster' | 'seed' | 'source' | 'target' | 'update' | 'vm'}-`
  /** What a step of a build is making, in its part of the cache; a pair of keys, beside its place. */
  | '.new-';

const NAME = new RegExp(`^(?:micro-linux-(?:[a-z]+-)?|\\.new-)${OWNER_PATTERN}-[A-Za-z0-9]{6}$`);

/** Milliseconds after which a folder is nobody's whose owner cannot be seen from here: a day. */
const UNSEEN_MS = 24 * 60 * 60 * 1000;

/**
 * Makes a folder for this process, mode 0700. Whoever makes it removes it; a process that could not
 * (SIGKILL, a power cut) leaves it to {@link sweepFolders}, which is called here first.
 */
export async function makeOwnFolder(
  parent: string,
  kind: FolderKind,
  run: Runner,
): Promise<string> {
  await sweepFolders(parent, run);
  return mkdtemp(join(parent, `${kind}${ownerName(ownOwner())}-`));
}

/** Letters and digits behind the owner in a folder's name. */
const RANDOM_CHARACTERS = 6;

/**
 * A path that a folder of this process may get, for those who must know it before the folder is made:
 * by `mkdir`, mode 0700.
 */
export function ownFolderPath(parent: string, kind: FolderKind): string {
  const random = randomBytes(RANDOM_CHARACTERS / 2).toString('hex');
  return join(parent, `${kind}${ownerName(ownOwner())}-${random}`);
}

/**
 * Removes the folders that processes of this user made in `parent` with {@link makeOwnFolder} and
 * left behind, and kills the programs that such a process left running. What another host, another
 * container or an earlier boot left goes when it is a day old.
 *
 * Never fails: what cannot be removed stays for the next run.
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
