const SMALL_INPUT_BYTES = 128 * 1024;

/**
 * The maximum size of a zstd frame for `contentBytes` (ZSTD_COMPRESSBOUND). A frame that claims
 * more is forged.
 */
export function maxFrameBytes(contentBytes: number): number {
  const small = contentBytes < SMALL_INPUT_BYTES ? (SMALL_INPUT_BYTES - contentBytes) >>> 11 : 0;
  return contentBytes + Math.floor(contentBytes / 256) + small;
}
