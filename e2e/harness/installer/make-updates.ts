import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '@micro-linux/core';
import { makeMediaDisk } from 'micro-linux/vm/media-disk';
import { microLinuxJson } from '../cli/micro-linux.ts';
import { SlotImage } from '../device/slot-image.ts';
import type { Installer } from './make-installer.ts';

/** An update that must not stay. */
export interface BadUpdate {
  /** On the media disk. */
  readonly name: string;
  readonly change: (slot: SlotImage) => Promise<void>;
}

/**
 * A disk with updates for what an installer installs: `v2`, version 2.0.0, built from the same config;
 * and a changed one, 2.1.0.
 *
 * @param directory new or empty.
 * @returns Path of the disk.
 */
export async function makeUpdates(
  installer: Installer,
  directory: string,
  bad: BadUpdate,
): Promise<string> {
  const updates = join(directory, 'updates');
  await mkdir(updates, { recursive: true });
  // Beside the keys that it names.
  const config = join(dirname(installer.config), '2.0.0.yaml');
  const settings = JSON.parse(await readFile(installer.config, 'utf8')) as object;
  await writeFile(config, JSON.stringify({ ...settings, version: '2.0.0' }));
  await microLinuxJson(['update', '--config', config, '--artifacts', join(directory, 'v2')]);
  const two = join(updates, 'v2.img');
  await rename(await realpath(join(directory, 'v2/micro-linux-bookworm.update.img')), two);

  const unpacked = join(directory, 'slot.ext4');
  await run('zstd', ['-q', '-d', two, '-o', unpacked]);
  const slot = await SlotImage.copy(unpacked, join(directory, 'bad.ext4'));
  await slot.becomes({ version: '2.1.0', buildId: `story-${bad.name}` });
  await bad.change(slot);
  await microLinuxJson([
    ...['update', '--config', config, '--image-version', '2.1.0'],
    ...['--slot-image', slot.path, '--output', join(updates, `${bad.name}.img`)],
  ]);
  const media = join(directory, 'media.img');
  await makeMediaDisk(run, { directory: updates, output: media });
  await Promise.all([unpacked, slot.path, updates].map((path) => rm(path, { recursive: true })));
  return media;
}
