import type { ChunkPlace } from '@micro-linux/update-image';

/** Consecutive chunks, each group read from the update, written and read back in one call. */
export interface ImagePart {
  readonly chunks: readonly ChunkPlace[];
  /** Position in the slot, in bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** Length of all its frames in the update, in bytes. */
  readonly frameOffset: number;
  readonly frameBytes: number;
}

/**
 * Joins chunks to parts of up to `most` chunks, in the same order; no part spans a gap.
 *
 * @param chunks in ascending order.
 */
export function imageParts(chunks: readonly ChunkPlace[], most: number): readonly ImagePart[] {
  const parts: ImagePart[] = [];
  for (const chunk of chunks) {
    const part = parts.at(-1);
    const fits = part !== undefined && part.chunks.length < most;
    if (fits && part.offset + part.bytes === chunk.offset) {
      parts[parts.length - 1] = {
        ...part,
        chunks: [...part.chunks, chunk],
        bytes: part.bytes + chunk.bytes,
        frameBytes: part.frameBytes + chunk.frameBytes,
      };
    } else {
      const { offset, bytes, frameOffset, frameBytes } = chunk;
      parts.push({ chunks: [chunk], offset, bytes, frameOffset, frameBytes });
    }
  }
  return parts;
}
