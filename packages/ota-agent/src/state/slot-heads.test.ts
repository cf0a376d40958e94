import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest, UpdateHead } from '@micro-linux/update-image';
import {
  encodeManifest,
  generateKeyPair,
  parsePrivateKey,
  signManifest,
} from '@micro-linux/update-image/write';
import { describe, expect, it } from 'vitest';
import { manifestDigest, readSlotHead, removeSlotHead, writeSlotHead } from './slot-heads.ts';
import { temporaryDirectory } from './temporary-directory.testdata.ts';

function head(version: string): UpdateHead {
  const manifest: Manifest = {
    format: 'micro-linux-update',
    schema: 1,
    compatible: 'micro-linux-x86_64',
    version,
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
  };
  const manifestBytes = encodeManifest(manifest);
  const { key } = parsePrivateKey(generateKeyPair().privatePem, 'test');
  const signatures = [signManifest(manifestBytes, key)];
  return { manifestBytes, signatures, manifest, payloadOffset: 0 };
}

describe('the head of a slot', () => {
  it('is stored unchanged for each slot', () => {
    const directory = temporaryDirectory();
    writeSlotHead(directory, 'A', head('1.0.0'));
    writeSlotHead(directory, 'B', head('2.0.0'));
    expect(readSlotHead(directory, 'A')?.manifest.version).toBe('1.0.0');
    const known = readSlotHead(directory, 'B');
    expect(known?.manifest.version).toBe('2.0.0');
    expect(known?.signatures).toHaveLength(1);
    expect(known && manifestDigest(known)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is unknown when it was never recorded, was removed, or is damaged', () => {
    const directory = temporaryDirectory();
    expect(readSlotHead(directory, 'A')).toBeUndefined();
    writeSlotHead(directory, 'A', head('1.0.0'));
    removeSlotHead(directory, 'A');
    expect(readSlotHead(directory, 'A')).toBeUndefined();
    writeSlotHead(directory, 'A', head('1.0.0'));
    writeFileSync(join(directory, 'slots/A.head'), 'nonsense');
    expect(readSlotHead(directory, 'A')).toBeUndefined();
  });
});
