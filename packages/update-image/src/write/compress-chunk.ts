import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { maxFrameBytes } from '../zstd/frame-bound.ts';

const compress = promisify(zstdCompress);

/** Compresses `content` into one zstd frame that states its length, on one of libuv's threads. */
export function compressChunk(content: Buffer, level: number): Promise<Buffer> {
  return compress(content, {
    // Room for the whole frame: the default of 16 KiB would need a round trip for each piece.
    chunkSize: maxFrameBytes(content.length) + 1,
    pledgedSrcSize: content.length,
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_contentSizeFlag]: 1,
      // The manifest has the hash of the frame; the checksum detects a faulty decoder or faulty
      // memory.
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
}
