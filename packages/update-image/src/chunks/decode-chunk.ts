import { promisify } from 'node:util';
import { constants, zstdDecompress } from 'node:zlib';
import { Limit } from '../manifest.ts';
import { frameShape } from '../zstd/frame-shape.ts';
import { checkFrame } from './check-frame.ts';
import { chunkCorrupt } from './chunk-corrupt.ts';
import type { ChunkPlace } from './chunk-places.ts';

const decompress = promisify(zstdDecompress);

/**
 * Of the largest chunk. Checked here because zstd ignores ZSTD_d_windowLogMax when it decodes a
 * frame in one call.
 */
const MOST_WINDOW_BYTES = Limit.maxChunkBytes;

/**
 * Compares the frame of one chunk with its hash, then decompresses it; the result may be written.
 * zstd also verifies the frame's own checksum. Decompression runs on libuv's threads, so several
 * chunks can be decoded concurrently.
 *
 * @param frame the `place.frameBytes` bytes at `place.frameOffset` of the file.
 * @returns the `place.bytes` bytes of the chunk; `releaseBuffer` frees them after use.
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
      // One byte more than the content: zstd then decodes in one call, without a second buffer.
      chunkSize: Math.max(place.bytes + 1, constants.Z_MIN_CHUNK),
      // zstd enforces the length in the frame, which was checked above; this bound is a second
      // safeguard.
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
