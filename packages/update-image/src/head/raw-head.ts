import type { ManifestSignature } from './signatures.ts';

/** What stands before the chunks, with the manifest as the bytes that are signed: not parsed yet. */
export interface RawHead {
  /** What the signatures cover, byte for byte. */
  readonly manifestBytes: Buffer;
  readonly signatures: readonly ManifestSignature[];
  /** Where the frame of the first chunk begins, in the file. */
  readonly payloadOffset: number;
}
