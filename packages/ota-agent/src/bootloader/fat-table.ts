import type { FatGeometry } from './fat-geometry.ts';

/** The lower 28 bits of an entry count; the upper four must stay as they are. */
const VALUE_MASK = 0x0fff_ffff;
/** This value and above end a chain. */
const END_OF_CHAIN = 0x0fff_fff8;
const LAST = 0x0fff_ffff;

/** A copy of a file allocation table in memory. */
export interface FatTable {
  /** The clusters of a chain, in order. It stops before an invalid link. */
  chain(first: number): readonly number[];
  isFree(cluster: number): boolean;
  /** Links these clusters in this order and ends the chain after the last one. */
  link(clusters: readonly number[]): void;
  free(clusters: readonly number[]): void;
  /** How many clusters are free. */
  countFree(): number;
  readonly bytes: Buffer;
}

/** @param bytes one whole copy of the table; changed by `link` and `free`. */
export function fatTable(bytes: Buffer, { endCluster }: FatGeometry): FatTable {
  const isCluster = (cluster: number) => cluster >= 2 && cluster < endCluster;
  const get = (cluster: number) => bytes.readUInt32LE(cluster * 4) & VALUE_MASK;
  const set = (cluster: number, value: number) => {
    const kept = bytes.readUInt32LE(cluster * 4) & ~VALUE_MASK;
    bytes.writeUInt32LE((kept | value) >>> 0, cluster * 4);
  };
  return {
    bytes,
    chain(first) {
      const seen = new Set<number>();
      for (let at = first; isCluster(at) && !seen.has(at) && get(at) !== 0; ) {
        seen.add(at);
        const next = get(at);
        if (next >= END_OF_CHAIN) {
          break;
        }
        at = next;
      }
      return [...seen];
    },
    isFree: (cluster) => isCluster(cluster) && get(cluster) === 0,
    link(clusters) {
      for (const [index, cluster] of clusters.entries()) {
        set(cluster, clusters[index + 1] ?? LAST);
      }
    },
    free(clusters) {
      for (const cluster of clusters) {
        set(cluster, 0);
      }
    },
    countFree() {
      let count = 0;
      for (let cluster = 2; cluster < endCluster; cluster += 1) {
        count += get(cluster) === 0 ? 1 : 0;
      }
      return count;
    },
  };
}
