import type { Manifest, UpdateHead } from '@micro-linux/update-image';
import { CHUNK_BYTES, manifestFor } from '@micro-linux/update-image/testing';
import { encodeManifest } from '@micro-linux/update-image/write';

/** The stored head of an unsigned update with one chunk. */
export function sampleHead(changes: Partial<Manifest> = {}): UpdateHead {
  const image = {
    bytes: CHUNK_BYTES,
    sha256: 'a'.repeat(64),
    chunkBytes: CHUNK_BYTES,
    chunks: [{ frameBytes: 100, frameSha256: 'c'.repeat(64), sha256: 'b'.repeat(64) }],
  };
  const manifest = manifestFor(image, {
    compatible: 'micro-linux-bookworm-amd64',
    version: '1.0.0',
    rollbackIndex: 0,
    ...changes,
  });
  return { manifestBytes: encodeManifest(manifest), signatures: [], manifest, payloadOffset: 0 };
}
