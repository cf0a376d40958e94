import { promisify } from 'node:util';
import { constants, zstdDecompress } from 'node:zlib';
import { Limit } from '../manifest.ts';
import { frameShape } from '../zstd/frame-shape.ts';
import { checkFrame } from './check-frame.ts';
import { chunkCorrupt } from './chunk-corrupt.ts';
import type { ChunkPlace } from './chunk-places.ts';

const decompress = promisify(zstdDecompress);

/**
 * Of the largest chunk. Checked here: zstd does not look at the window of a frame that it decodes in
 * one go, whatever ZSTD_d_windowLogMax says.
 */
const MOST_WINDOW_BYTES = Limit.maxChunkBytes;

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
  if ((shape.windowBytes ?? 0) > MOST_WINDOW_BYTES) {
    throw chunkCorrupt(place, `its window has ${shape.windowBytes} bytes`);
  }
  let content: Buffer;
  try {
    content = await decompress(frame, {
      // One byte more than the content: zstd then decodes in one go, and asks for no second buffer.
      chunkSize: Math.max(place.bytes + 1, constants.Z_MIN_CHUNK),
      // zstd holds a frame to the length it tells, which was compared above: this bound would only
      // be met if it did not.
      maxOutputLength: place.bytes,
    });
  } catch (error) {
    throw chunkCorrupt(place, error instanceof Error ? error.message : String(error), error);
  }
  if (content.length !== place.bytes) {
    throw chunkCorrupt(place, `it has ${content.length} bytes, not ${place.bytes}`);
  }
  return content;
}
