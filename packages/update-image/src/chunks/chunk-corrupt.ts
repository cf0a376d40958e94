import type { MicroLinuxError } from '@micro-linux/core';
import { failed } from '../update-error.ts';
import type { ChunkPlace } from './chunk-places.ts';

/** `chunk-corrupt`: the bytes of this chunk in the file differ from the signed ones. */
export function chunkCorrupt(place: ChunkPlace, why: string, cause?: unknown): MicroLinuxError {
  return failed({
    code: 'chunk-corrupt',
    message: `chunk ${place.index} of the update is damaged`,
    why,
    hint: 'fetch the update again',
    details: { chunk: place.index, frameOffset: place.frameOffset, frameBytes: place.frameBytes },
    cause,
  });
}
