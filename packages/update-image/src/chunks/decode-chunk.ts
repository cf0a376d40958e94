import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdDecompress } from 'node:zlib';
import { failed } from '../update-error.ts';
import { frameShape } from '../zstd/frame-shape.ts';
import type { ChunkPlace } from './chunk-places.ts';

const decompress = promisify(zstdDecompress);

/** Of the largest chunk; a frame that wants a larger window is refused, not given memory. */
const WINDOW_LOG_MAX = 24;

/**
 * Decompresses one chunk and compares it with its hash: what is returned may be written.
 * Decompression runs on libuv's threads, so that several chunks go on at once.
 *
 * @param frame the `place.frameBytes` bytes at `place.frameOffset` of the file.
 * @returns the `place.bytes` bytes of the chunk; `releaseBuffer` gives them back when they are used.
 * @throws MicroLinuxError `chunk-corrupt`.
 */
export async function decodeChunk(place: ChunkPlace, frame: Buffer): Promise<Buffer> {
  const shape = frame.length === place.frameBytes ? frameShape(frame) : undefined;
  if (!shape || shape.frameBytes !== frame.length || shape.contentBytes !== place.bytes) {
    throw corrupt(place, 'it is not one zstd frame of the right length');
  }
  let content: Buffer;
  try {
    content = await decompress(frame, {
      // One byte more than the content: zstd then decodes in one go, and asks for no second buffer.
      chunkSize: Math.max(place.bytes + 1, constants.Z_MIN_CHUNK),
      maxOutputLength: place.bytes,
      params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX },
    });
  } catch (error) {
    throw corrupt(place, error instanceof Error ? error.message : String(error), error);
  }
  if (content.length !== place.bytes || hash('sha256', content) !== place.sha256) {
    throw corrupt(place, 'its SHA-256 is not the one in the manifest');
  }
  return content;
}

function corrupt(place: ChunkPlace, why: string, cause?: unknown) {
  return failed({
    code: 'chunk-corrupt',
    message: `chunk ${place.index} of the update is damaged`,
    why,
    hint: 'fetch the update again',
    details: { chunk: place.index, frameOffset: place.frameOffset, frameBytes: place.frameBytes },
    cause,
  });
}
