import type { Listing } from './listing.ts';

const LAYER = /^\/casper\/([^/]+)\.squashfs$/;

/**
 * Missing layers of the live system that another layer is stacked on. The name of a layer contains
 * the names of those below: `a.b.c.squashfs` needs `a.b.squashfs`, and that needs `a.squashfs`. The
 * live system does not start if one is missing.
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

/** A layer and all layers below it. */
function layersBelow(path: string): string[] {
  const name = LAYER.exec(path)?.[1];
  if (name === undefined) {
    return [path];
  }
  const parts = name.split('.');
  return parts.map((_, index) => `/casper/${parts.slice(0, index + 1).join('.')}.squashfs`);
}
