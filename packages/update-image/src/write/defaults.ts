/** Length of a chunk, in bytes; docs/explanation/decisions/chunks-and-hash.md has the measurements. */
export const DEFAULT_CHUNK_BYTES = 1024 * 1024;

/** zstd level of a build; releases may take up to 19, which costs minutes. */
export const DEFAULT_LEVEL = 9;

/**
 * Raised whenever `compressImage` makes other frames of an image or tells other things of them: who
 * keeps its results knows old ones by it.
 */
export const PAYLOAD_FORMAT = 2;
