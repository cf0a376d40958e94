import type { Manifest } from '../manifest.ts';
import type { ManifestSignature } from './signatures.ts';

/** What stands before the chunks: read and within bounds, but not verified yet. */
export interface UpdateHead {
  /** What the signatures cover, byte for byte. */
  readonly manifestBytes: Buffer;
  readonly manifest: Manifest;
  readonly signatures: readonly ManifestSignature[];
  /** Where the frame of the first chunk begins, in the file. */
  readonly payloadOffset: number;
}
