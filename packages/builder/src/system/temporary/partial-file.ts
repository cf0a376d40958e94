import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OWNER_PATTERN, ownerName, ownerRuns, ownOwner, parseOwner } from './owner.ts';

const NAME = new RegExp(`^\\..*\\.${OWNER_PATTERN}\\.partial$`);

/** Where this process makes a file that is renamed to `path` once it is whole; hidden beside it. */
export function partialPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${ownerName(ownOwner())}.partial`);
}

/** Removes the files with names of {@link partialPath} whose makers were killed. Never fails. */
export async function sweepPartialFiles(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const owner = NAME.exec(name);
    if (owner && ownerRuns(parseOwner(owner.slice(1))) === false) {
      await rm(join(directory, name), { force: true }).catch(() => undefined);
    }
  }
}
