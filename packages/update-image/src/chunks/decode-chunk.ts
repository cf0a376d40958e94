import { promisify } from 'node:util';
import { constants, zstdDecompress } from 'node:zlib';
import { frameShape } from '../zstd/frame-shape.ts';
import { checkFrame } from './check-frame.ts';
import { chunkCorrupt } from './chunk-corrupt.ts';
import type { ChunkPlace } from './chunk-places.ts';

const decompress = promisify(zstdDecompress);

/** Of the largest chunk; a frame that wants a larger window is refused, not given memory. */
const WINDOW_LOG_MAX = 24;

/**
 * Compares the frame of one chunk with its hash, then decompresses it: what is returned may be
 * written. zstd compares it with the frame's own checksum on the way. Decompression runs on
 * libuv's threads, so that several chunks go on at once.
 *
 * @param frame the `place.frameBytes` bytes at `place.frameOffset` of the file.
 * @returns the `place.bytes` bytes of the chunk; `releaseBuffer` gives them back when they are used.
 * @throws MicroLinuxError `chunk-corrupt`.
 */
export async function decodeChunk(place: ChunkPlace, frame: Buffer): Promise<Buffer> {
  checkFrame(place, frame);
  const shape = frameShape(frame);
  if (shape?.frameBytes !== frame.length || shape.contentBytes !== place.bytes) {
    throw chunkCorrupt(place, 'it is not one zstd frame of the right length');
  }
  if (!shape.hasChecksum) {
    throw chunkCorrupt(place, 'its frame has no checksum');
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
    throw chunkCorrupt(place, error instanceof Error ? error.message : String(error), error);
  }
  if (content.length !== place.bytes) {
    throw chunkCorrupt(place, `it has ${content.length} bytes, not ${place.bytes}`);
  }
  return content;
}
