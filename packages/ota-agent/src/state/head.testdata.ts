import type { Manifest, UpdateHead } from '@micro-linux/update-image';
import { encodeManifest } from '@micro-linux/update-image/write';

/** The stored head of an unsigned update with one chunk. */
export function sampleHead(changes: Partial<Manifest> = {}): UpdateHead {
  const manifest: Manifest = {
    format: 'micro-linux-update',
    schema: 1,
    compatible: 'micro-linux-bookworm-amd64',
    version: '1.0.0',
    rollbackIndex: 0,
    architecture: 'x86_64',
    profile: 'bookworm',
    buildId: 'abc',
    kernel: '6.1.0',
    image: {
      bytes: 65_536,
      sha256: 'a'.repeat(64),
      chunkBytes: 65_536,
      chunks: [{ frameBytes: 100, frameSha256: 'c'.repeat(64), sha256: 'b'.repeat(64) }],
    },
    ...changes,
  };
  return { manifestBytes: encodeManifest(manifest), signatures: [], manifest, payloadOffset: 0 };
}
