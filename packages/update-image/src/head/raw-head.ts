import type { ManifestSignature } from './signatures.ts';

/** What precedes the chunks, with the manifest as the signed bytes, not parsed yet. */
export interface RawHead {
  /** What the signatures cover, byte for byte. */
  readonly manifestBytes: Buffer;
  readonly signatures: readonly ManifestSignature[];
  /** Offset of the first chunk's frame in the file. */
  readonly payloadOffset: number;
}
