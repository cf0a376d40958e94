import { createHash } from 'node:crypto';
import type { ChunkPlace } from '@micro-linux/update-image';

/**
 * Hashes consecutive chunks from bytes in order, in pieces of any length, and reports for each
 * chunk whether its hash matches.
 *
 * @param places consecutive chunks; the bytes begin with the first of them.
 * @returns a function that takes the next bytes.
 */
export function chunkHasher(
  places: readonly ChunkPlace[],
  onChunk: (place: ChunkPlace, good: boolean) => void,
): (bytes: Buffer) => void {
  let at = 0;
  let filled = 0;
  let hash = createHash('sha256');
  return (bytes) => {
    for (let done = 0; done < bytes.length; ) {
      const place = places[at];
      if (!place) {
        return;
      }
      const piece = bytes.subarray(done, done + place.bytes - filled);
      hash.update(piece);
      done += piece.length;
      filled += piece.length;
      if (filled === place.bytes) {
        onChunk(place, hash.digest('hex') === place.sha256);
        hash = createHash('sha256');
        filled = 0;
        at += 1;
      }
    }
  };
}
