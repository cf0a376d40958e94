import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run, SlotPath } from '@micro-linux/core';
import type { Manifest } from '@micro-linux/update-image';
import { makeUpdate } from '@micro-linux/update-image/testing';
import {
  DEFAULT_CHUNK_BYTES,
  DEFAULT_LEVEL,
  generateKeyPair,
} from '@micro-linux/update-image/write';
import { writeSyntheticImage } from '../chunk-size/synthetic-image.ts';

const SYNTHETIC_MIB = 320;

export interface BenchUpdate {
  readonly path: string;
  readonly publicPem: string;
  readonly manifest: Manifest;
}

/** Makes a signed update.img of a slot image, at the usual level and chunk length. */
export async function benchUpdate(directory: string, image: string): Promise<BenchUpdate> {
  const { privatePem, publicPem } = generateKeyPair();
  const path = join(directory, 'update.img');
  const { stdout } = await run('/usr/sbin/debugfs', ['-R', `cat ${SlotPath.imageInfo}`, image]);
  const { version, compatible, buildId } = JSON.parse(stdout);
  const { manifest } = await makeUpdate({
    image,
    payload: join(directory, 'payload'),
    output: path,
    level: DEFAULT_LEVEL,
    chunkBytes: DEFAULT_CHUNK_BYTES,
    manifest: { profile: 'bench', kernel: 'bench', rollbackIndex: 0, version, compatible, buildId },
    privatePems: [privatePem],
  });
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
