import { MIB } from '@micro-linux/core';
import type { ChunkPlace, Manifest } from '@micro-linux/update-image';
import { wholePages } from '../raw-device/raw-device.ts';
import { type ImagePart, imageParts } from './image-parts.ts';

/** Number of chunks to read, write and read back in one call, unless the chunks are long. */
const PART_CHUNKS = 2;
const PART_BYTES = 2 * MIB;
/** Chunks that are decompressed at once, and parts whose frames are in memory. */
const LANES = 3;
/** Limit for all lanes together, regardless of the update's chunk length. */
const LANE_BYTES = 16 * MIB;
/** Memory for decompressed data until it is read back. */
const CONTENT_BYTES = 14 * MIB;
/** Bytes between two syncs, each followed by a read-back. */
const SYNC_BYTES = 4 * MIB;
/**
 * Bytes between two records of progress: roughly the maximum to write again after an interruption.
 */
const NOTE_BYTES = 64 * MIB;

/** The parts in which an image is written, and the memory for them. */
export interface WritePlan {
  readonly parts: readonly ImagePart[];
  /** Number of chunks in these parts. */
  readonly chunks: number;
  /** Number of bytes to write. */
  readonly bytes: number;
  /** Chunks that are decompressed at once, and buffers for frames. */
  readonly lanes: number;
  /** Size of a buffer for the frames of one part, in bytes. */
  readonly frameBytes: number;
  /** Number of buffers for decompressed content. */
  readonly contents: number;
  /** Size of each of these, in whole pages. */
  readonly contentBytes: number;
  /** Number of chunks between two syncs. */
  readonly syncChunks: number;
  /** Number of chunks between two records of progress. */
  readonly noteChunks: number;
}

/**
 * Plans the writes of the chunks that are not in the slot yet. Reads nothing.
 *
 * @param places of all chunks of the image, in ascending order.
 * @param good indexes of the chunks that are in the slot already.
 */
export function planWrites(
  { chunkBytes }: Pick<Manifest['image'], 'chunkBytes'>,
  places: readonly ChunkPlace[],
  good: ReadonlySet<number>,
): WritePlan {
  const wanted = places.filter(({ index }) => !good.has(index));
  const parts = imageParts(wanted, Math.min(PART_CHUNKS, atLeastOne(PART_BYTES / chunkBytes)));
  const contentBytes = wholePages(longest(parts, 'bytes'));
  return {
    parts,
    chunks: wanted.length,
    bytes: wanted.reduce((sum, { bytes }) => sum + bytes, 0),
    lanes: Math.min(LANES, atLeastOne(LANE_BYTES / chunkBytes)),
    frameBytes: longest(parts, 'frameBytes'),
    contents: atLeastOne(CONTENT_BYTES / contentBytes),
    contentBytes,
    syncChunks: atLeastOne(SYNC_BYTES / chunkBytes),
    noteChunks: atLeastOne(NOTE_BYTES / chunkBytes),
  };
}

/** Not Math.max(...): its arguments are on the stack, which has space for some 120,000. */
function longest(parts: readonly ImagePart[], key: 'bytes' | 'frameBytes'): number {
  return parts.reduce((most, part) => Math.max(most, part[key]), 0);
}

const atLeastOne = (count: number) => Math.max(1, Math.floor(count));
