import { decodeChunk, releaseBuffer } from '@micro-linux/update-image';
import type { LimitFunction } from 'p-limit';
import type { ImagePart } from './image-parts.ts';

/**
 * Hashes the frames of a part and decompresses them, several at once.
 *
 * @param frames all frames of the part, as they are in the update.
 * @param memory receives the content; at least as long as the part.
 * @param lanes how many frames are decompressed at once, over all parts.
 * @returns the content, in `memory`.
 * @throws MicroLinuxError `chunk-corrupt`, after all work on the part's other frames has ended.
 */
export async function decodePart(
  part: ImagePart,
  frames: Buffer,
  memory: Buffer,
  lanes: LimitFunction,
): Promise<Buffer> {
  const decoded = part.chunks.map((place) =>
    lanes(async () => {
      const start = place.frameOffset - part.frameOffset;
      const content = await decodeChunk(place, frames.subarray(start, start + place.frameBytes));
      content.copy(memory, place.offset - part.offset);
      // Chunks arrive faster than the garbage collector frees them.
      releaseBuffer(content);
    }),
  );
  const outcomes = await Promise.allSettled(decoded);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) {
    throw failure.reason;
  }
  return memory.subarray(0, part.bytes);
}
