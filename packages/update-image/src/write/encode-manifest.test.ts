import { expect, test } from 'vitest';
import { thrownBy } from '../../test/support/thrown-by.ts';
import { parseManifest } from '../head/parse-manifest.ts';
import type { Manifest } from '../manifest.ts';
import { manifestFor } from '../testing.ts';
import { encodeManifest } from './encode-manifest.ts';

const sha256 = 'ab'.repeat(32);
const manifest: Manifest = manifestFor(
  {
    bytes: 10,
    sha256,
    chunkBytes: 65_536,
    chunks: [{ frameBytes: 20, frameSha256: sha256, sha256 }],
  },
  { minimumAgent: '0.2.0' },
);

test('writes one line of JSON after the header, with the keys in the format’s order', () => {
  expect(encodeManifest(manifest).toString()).toBe(
    [
      'micro-linux update manifest 1\n{"format":"micro-linux-update","schema":1,',
      '"compatible":"test-device","version":"2.0.0","rollbackIndex":3,"minimumAgent":"0.2.0",',
      '"architecture":"x86_64","profile":"bookworm","buildId":"test-build","kernel":"6.1.0-test",',
      `"image":{"bytes":10,"sha256":"${sha256}","chunkBytes":65536,`,
      `"chunks":[{"frameBytes":20,"frameSha256":"${sha256}","sha256":"${sha256}"}]}}\n`,
    ].join(''),
  );
});

test('ignores the order of keys in memory, and round-trips', () => {
  const shuffled = Object.fromEntries(Object.entries(manifest).reverse()) as Manifest;
  const bytes = encodeManifest(shuffled);
  expect(bytes.equals(encodeManifest(manifest))).toBe(true);
  expect(parseManifest(bytes)).toEqual(manifest);
});

test('refuses to write what readers refuse', async () => {
  const bad = { ...manifest, version: 'two' };
  expect((await thrownBy(() => encodeManifest(bad))).code).toBe('manifest-invalid');

  const chunks = Array.from({ length: 200_000 }, () => ({
    frameBytes: 20,
    frameSha256: sha256,
    sha256,
  }));
  const image = { bytes: 65_536 * chunks.length, sha256, chunkBytes: 65_536, chunks };
  const error = await thrownBy(() => encodeManifest({ ...manifest, image }));
  expect(error.why).toContain('larger chunks');
});
