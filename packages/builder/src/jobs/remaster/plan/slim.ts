import type { Listing } from '../source/listing.ts';

/**
 * What the installation of our image never reads: Ubuntu's packages and their lists. The installer
 * runs no apt for a source of variant `core`. Everything else is needed to boot: kernels, layers,
 * `/.disk`, boot loaders.
 */
const UNNEEDED = ['/dists', '/pool'] as const;

/** Directories that `--slim` leaves out, of those that are there. */
export function unneededDirectories(files: Listing): readonly string[] {
  return UNNEEDED.filter((path) => files.get(path)?.kind === 'directory');
}

/** Whether a path is one of the directories or in one. */
export function isBelow(path: string, directories: readonly string[]): boolean {
  return directories.some((one) => path === one || path.startsWith(`${one}/`));
}
