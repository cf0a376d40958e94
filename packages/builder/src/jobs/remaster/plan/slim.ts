import type { Listing } from '../source/listing.ts';

/**
 * Files that the installation of our image never reads: Ubuntu's packages and their lists. The
 * installer does not run apt for a source of variant `core`. All other files are needed to boot:
 * kernels, layers, `/.disk`, boot loaders.
 */
const UNNEEDED = ['/dists', '/pool'] as const;

/** The existing directories that `--slim` leaves out. */
export function unneededDirectories(files: Listing): readonly string[] {
  return UNNEEDED.filter((path) => files.get(path)?.kind === 'directory');
}

/** Whether a path is one of the directories or in one. */
export function isBelow(path: string, directories: readonly string[]): boolean {
  return directories.some((one) => path === one || path.startsWith(`${one}/`));
}
