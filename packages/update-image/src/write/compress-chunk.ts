import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { maxFrameBytes } from '../zstd/frame-bound.ts';

const compress = promisify(zstdCompress);

/** One zstd frame that holds `content` and tells its length, made on one of libuv's threads. */
export function compressChunk(content: Buffer, level: number): Promise<Buffer> {
  return compress(content, {
    // Room for the whole frame: the default of 16 KiB costs a round trip for each piece.
    chunkSize: maxFrameBytes(content.length) + 1,
    pledgedSrcSize: content.length,
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_contentSizeFlag]: 1,
      // The manifest's hash is of the frame: this is what finds a decoder or memory that errs.
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
}
