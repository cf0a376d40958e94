import type { Listing } from './listing.ts';

const LAYER = /^\/casper\/([^/]+)\.squashfs$/;

/**
 * Layers of the live system that are not there though another one lies on them. The name of a layer
 * says what it lies on: `a.b.c.squashfs` on `a.b.squashfs`, and that on `a.squashfs`; the live system
 * does not start without one of them.
 *
 * @param sources paths in `/casper` of the systems that can be installed.
 */
export function missingLayers(files: Listing, sources: readonly string[]): readonly string[] {
  const layers = [...files.keys()].filter((path) => LAYER.test(path));
  const wanted = [...layers, ...sources.map((path) => `/casper/${path}`)].flatMap(layersBelow);
  return [...new Set(wanted)].filter((path) => !files.has(path)).sort();
}

/** Whether there is a layer that a live server starts from. */
export function hasLiveServer(files: Listing): boolean {
  return [...files.keys()].some(
    (path) => LAYER.test(path) && /ubuntu-server.*\.installer(?:\.|$)/.test(path),
  );
}

/** A layer and all that it lies on. */
function layersBelow(path: string): string[] {
  const name = LAYER.exec(path)?.[1];
  if (name === undefined) {
    return [path];
  }
  const parts = name.split('.');
  return parts.map((_, index) => `/casper/${parts.slice(0, index + 1).join('.')}.squashfs`);
}
