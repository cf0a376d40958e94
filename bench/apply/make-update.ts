import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run, SlotPath } from '@micro-linux/core';
import { type Manifest, manifestSchema } from '@micro-linux/update-image';
import {
  compressImage,
  DEFAULT_LEVEL,
  encodeManifest,
  generateKeyPair,
  parsePrivateKey,
  signManifest,
  writeUpdate,
} from '@micro-linux/update-image/write';
import { writeSyntheticImage } from '../chunk-size/synthetic-image.ts';

const SYNTHETIC_MIB = 320;

export interface BenchUpdate {
  readonly path: string;
  readonly publicPem: string;
  readonly manifest: Manifest;
}

/** Makes a signed update.img of a slot image, at the usual level and chunk length. */
export async function makeUpdate(directory: string, image: string): Promise<BenchUpdate> {
  const { privatePem, publicPem } = generateKeyPair();
  const payload = join(directory, 'payload');
  const path = join(directory, 'update.img');
  const { stdout } = await run('/usr/sbin/debugfs', ['-R', `cat ${SlotPath.imageInfo}`, image]);
  const { version, compatible, buildId } = JSON.parse(stdout);
  const manifest = manifestSchema.parse({
    format: 'micro-linux-update',
    schema: 1,
    architecture: 'x86_64',
    profile: 'bench',
    kernel: 'bench',
    rollbackIndex: 0,
    version,
    compatible,
    buildId,
    image: await compressImage({ image, output: payload, level: DEFAULT_LEVEL }),
  });
  const manifestBytes = encodeManifest(manifest);
  const signature = signManifest(manifestBytes, parsePrivateKey(privatePem, 'bench').key);
  await writeUpdate({ output: path, payload, manifestBytes, signatures: [signature] });
  return { path, publicPem, manifest };
}

/** An ext4 with data that compresses about as a root file system does. */
export async function makeSlotImage(directory: string): Promise<string> {
  const tree = join(directory, 'tree');
  const image = join(directory, 'slot.ext4');
  const description = { version: '1.0.0', compatible: 'bench', buildId: 'bench-2' };
  const files = {
    [SlotPath.kernel]: 'kernel',
    [SlotPath.initrd]: 'initrd',
    [SlotPath.grubSlotConfig]: 'set slot_args=',
    [SlotPath.imageInfo]: JSON.stringify(description),
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content);
  }
  await writeSyntheticImage(join(tree, 'usr/data'), SYNTHETIC_MIB);
  await run('/usr/sbin/mke2fs', [
    ...['-q', '-t', 'ext4', '-O', '^has_journal', '-d', tree],
    ...[image, `${SYNTHETIC_MIB + 48}M`],
  ]);
  return image;
}
