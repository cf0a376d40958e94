/** Length of a chunk, in bytes; docs/explanation/decisions/chunks-and-hash.md has the measurements. */
export const DEFAULT_CHUNK_BYTES = 1024 * 1024;

/** zstd level of a build; releases may use up to 19, which takes minutes. */
export const DEFAULT_LEVEL = 9;

/**
 * Incremented when `compressImage` produces other frames for an image or describes them
 * differently, so that cached results become stale.
 */
export const PAYLOAD_FORMAT = 2;
