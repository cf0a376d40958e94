import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OWNER_PATTERN, ownerName, ownerRuns, ownOwner, parseOwner } from './owner.ts';

const NAME = new RegExp(`^\\..*\\.${OWNER_PATTERN}\\.partial$`);

/**
 * Where this process writes a file that is renamed to `path` once complete; a hidden file in the
 * same folder.
 */
export function partialPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${ownerName(ownOwner())}.partial`);
}

/** Removes the {@link partialPath} files of killed processes. Never fails. */
export async function sweepPartialFiles(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const owner = NAME.exec(name);
    if (owner && ownerRuns(parseOwner(owner.slice(1))) === false) {
      await rm(join(directory, name), { force: true }).catch(() => undefined);
    }
  }
}
