/** Length of a chunk, in bytes; docs/decisions/chunks-and-hash.md has the measurements. */
export const DEFAULT_CHUNK_BYTES = 1024 * 1024;

/** zstd level of a build; releases may take up to 19, which costs minutes. */
export const DEFAULT_LEVEL = 9;
