import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { type InstallManifest, MediumPath } from '@micro-linux/provision';
import { encodeSignatureFile } from '@micro-linux/update-image';
import { parsePrivateKey, signManifest } from '@micro-linux/update-image/write';
import { onTestFinished } from 'vitest';
import type { SampleUpdate } from '../slot-image/sample-update.testdata.ts';

interface MediumOptions {
  /** Replaces the entry in its list of files. */
  readonly change?: Partial<InstallManifest>;
  readonly seed?: string;
  /** Of the ESP's image for disks with sectors of 512 bytes. */
  readonly espBytes?: number;
}

const ESP_4K = Buffer.alloc(70_000, 'esp');

/** A directory laid out as a medium, signed by the update's key; removed with the test. */
export function makeMedium(
  update: SampleUpdate,
  { change = {}, seed = 'seed', espBytes = ESP_4K.length }: MediumOptions = {},
) {
  const esp = Buffer.alloc(espBytes, 'esp');
  const directory = mkdtempSync(join(tmpdir(), 'medium-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const at = (path: string) => join(directory, path);
  mkdirSync(at(MediumPath.directory));
  copyFileSync(update.path, at(MediumPath.update));
  writeFileSync(at(MediumPath.esp), zstdCompressSync(esp));
  writeFileSync(at(MediumPath.esp4k), zstdCompressSync(ESP_4K));
  writeFileSync(at(MediumPath.seed), seed);
  writeFileSync(at(MediumPath.bootCode), Buffer.alloc(440, 'boot'));
  writeFileSync(at(MediumPath.core), Buffer.alloc(30_000, 'core'));
  const file = (path: string) => {
    const content = readFileSync(at(path));
    return { bytes: content.length, sha256: sha256(content) };
  };
  const image = (content: Buffer) => ({
    imageBytes: content.length,
    imageSha256: sha256(content),
  });
  const { compatible, version, profile, buildId } = update.manifest;
  const manifest: InstallManifest = {
    format: 'micro-linux-medium',
    schema: 2,
    compatible,
    version,
    profile,
    buildId,
    disk: { espBytes, slotBytes: update.image.length },
    files: {
      update: file(MediumPath.update),
      esp: { ...file(MediumPath.esp), ...image(esp) },
      esp4k: { ...file(MediumPath.esp4k), ...image(ESP_4K) },
      bootCode: file(MediumPath.bootCode),
      core: file(MediumPath.core),
      seed: file(MediumPath.seed),
    },
    others: {},
    ...change,
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  writeFileSync(at(MediumPath.manifest), bytes);
  signMedium(directory, bytes, update.privatePem);
  return { directory, at };
}

/** Signs these bytes as a medium's list of files. */
export function signMedium(directory: string, bytes: Buffer, privatePem: string): void {
  const { key } = parsePrivateKey(privatePem, 'a key of the test');
  const signatures = encodeSignatureFile([signManifest(bytes, key)]);
  writeFileSync(join(directory, MediumPath.signatures), signatures);
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
