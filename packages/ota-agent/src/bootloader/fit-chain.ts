import type { FatTable } from './fat-table.ts';

/**
 * Gives a file a chain of exactly this many clusters: those it has, then free ones, lowest first.
 * Surplus clusters are freed. Only the entries of its own and of free clusters change in the table.
 *
 * @param first the file's first cluster; 0 for an empty file.
 * @param isForeign whether a cluster belongs to anything else: a damaged chain may lead there.
 * @returns the chain; undefined when there is not enough room, and the table is as it was.
 */
export function fitChain(
  table: FatTable,
  options: {
    readonly first: number;
    readonly clusters: number;
    readonly endCluster: number;
    readonly isForeign: (cluster: number) => boolean;
  },
): readonly number[] | undefined {
  const { first, clusters, endCluster, isForeign } = options;
  const whole = table.chain(first);
  const crossing = whole.findIndex(isForeign);
  const own = crossing < 0 ? whole : whole.slice(0, crossing);
  const chain = own.slice(0, clusters);
  for (let free = 2; free < endCluster && chain.length < clusters; free += 1) {
    if (table.isFree(free) && !isForeign(free)) {
      chain.push(free);
    }
  }
  if (chain.length < clusters) {
    return undefined;
  }
  table.free(own.slice(clusters));
  table.link(chain);
  return chain;
}
