import { hash } from 'node:crypto';
import { chunkCorrupt } from './chunk-corrupt.ts';
import type { ChunkPlace } from './chunk-places.ts';

/**
 * Compares the frame of one chunk with its hash in the manifest, without decompressing it.
 *
 * @param frame the `place.frameBytes` bytes at `place.frameOffset` of the file.
 * @throws MicroLinuxError `chunk-corrupt`.
 */
export function checkFrame(place: ChunkPlace, frame: Buffer): void {
  if (frame.length !== place.frameBytes || hash('sha256', frame) !== place.frameSha256) {
    throw chunkCorrupt(place, 'the SHA-256 of its frame is not the one in the manifest');
  }
}
