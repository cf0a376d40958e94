import type { UpdateHead } from '../head/update-head.ts';
import type { Manifest } from '../manifest.ts';
import type { SourceRange } from '../source.ts';
import { encodeSeekTable, seekTableBytes } from '../zstd/seek-table.ts';
import { SKIPPABLE_HEADER_BYTES } from '../zstd/skippable-frame.ts';

/** Position of one chunk in the slot image and in the file, in bytes. */
export interface ChunkPlace {
  readonly index: number;
  /** In the slot image. */
  readonly offset: number;
  readonly bytes: number;
  /** In the file. */
  readonly frameOffset: number;
  readonly frameBytes: number;
  /** Of the frame, hex. */
  readonly frameSha256: string;
  /** Of the chunk's content, hex. */
  readonly sha256: string;
}

/** Manifest and signatures: the frames before the first chunk. */
const HEAD_FRAMES = 2;

/** All chunks, in the order of the file and of the slot image. */
export function chunkPlaces(
  head: Pick<UpdateHead, 'manifest' | 'payloadOffset'>,
): readonly ChunkPlace[] {
  const { bytes, chunkBytes, chunks } = head.manifest.image;
  let frameOffset = head.payloadOffset;
  return chunks.map(({ frameBytes, frameSha256, sha256 }, index) => {
    const offset = index * chunkBytes;
    const place = {
      index,
      offset,
      bytes: Math.min(chunkBytes, bytes - offset),
      frameOffset,
      frameBytes,
      frameSha256,
      sha256,
    };
    frameOffset += frameBytes;
    return place;
  });
}

/** Positions of frames in the file, for `UpdateSource.willRead`. */
export function frameRanges(
  places: readonly Pick<ChunkPlace, 'frameOffset' | 'frameBytes'>[],
): readonly SourceRange[] {
  return places.map(({ frameOffset, frameBytes }) => ({ offset: frameOffset, bytes: frameBytes }));
}

/** Total length of all chunk frames. */
export function payloadBytes(manifest: Manifest): number {
  return manifest.image.chunks.reduce((sum, { frameBytes }) => sum + frameBytes, 0);
}

/** Required length of the file, including the seek table. */
export function updateFileBytes(head: Pick<UpdateHead, 'manifest' | 'payloadOffset'>): number {
  return (
    head.payloadOffset +
    payloadBytes(head.manifest) +
    seekTableBytes(HEAD_FRAMES + head.manifest.image.chunks.length)
  );
}

/** The seek table at the end of the file; it is determined by the head. */
export function seekTableOf(
  head: Pick<UpdateHead, 'manifest' | 'manifestBytes' | 'payloadOffset'>,
): Buffer {
  const manifestFrame = SKIPPABLE_HEADER_BYTES + head.manifestBytes.length;
  return encodeSeekTable([
    { frameBytes: manifestFrame, contentBytes: 0 },
    { frameBytes: head.payloadOffset - manifestFrame, contentBytes: 0 },
    ...chunkPlaces(head).map(({ frameBytes, bytes }) => ({ frameBytes, contentBytes: bytes })),
  ]);
}
