import { expect, test } from 'vitest';
import { installManifestSchema } from './install-manifest.ts';

const FILE = { bytes: 440, sha256: 'a'.repeat(64) };
const MANIFEST = {
  format: 'micro-linux-medium',
  schema: 2,
  compatible: 'box',
  version: '1.2.3',
  profile: 'noble',
  buildId: 'id',
  disk: { espBytes: 1, slotBytes: 1 },
  files: {
    update: FILE,
    esp: { ...FILE, imageBytes: 1, imageSha256: 'b'.repeat(64) },
    esp4k: { ...FILE, imageBytes: 1, imageSha256: 'b'.repeat(64) },
    bootCode: FILE,
    core: FILE,
    seed: FILE,
  },
  others: { '/micro-linux/live/vmlinuz': FILE },
};

test('accepts what a build writes', () => {
  expect(installManifestSchema.parse(MANIFEST)).toEqual(MANIFEST);
});

test.each([
  { ...MANIFEST, schema: 1 },
  { ...MANIFEST, format: 'micro-linux-update' },
  { ...MANIFEST, others: { 'micro-linux/live': FILE } },
  { ...MANIFEST, others: { '/\u001b[2J': FILE } },
  { ...MANIFEST, files: { ...MANIFEST.files, bootCode: { ...FILE, bytes: 441 } } },
  { ...MANIFEST, files: { ...MANIFEST.files, core: { ...FILE, bytes: 1_048_577 } } },
  { ...MANIFEST, more: 1 },
  { ...MANIFEST, version: '' },
  { ...MANIFEST, profile: '\u001b[2J' },
  { ...MANIFEST, disk: { espBytes: 0, slotBytes: 1 } },
  { ...MANIFEST, files: { ...MANIFEST.files, core: { bytes: 1.5, sha256: FILE.sha256 } } },
  { ...MANIFEST, files: { ...MANIFEST.files, core: { bytes: 1, sha256: 'A'.repeat(64) } } },
  { ...MANIFEST, files: { ...MANIFEST.files, more: FILE } },
])('refuses %j', (manifest) => {
  expect(installManifestSchema.safeParse(manifest).success).toBe(false);
});
