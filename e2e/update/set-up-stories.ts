import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import type { FirmwareKind } from 'micro-linux/vm/firmware';
import { makeMediaDisk } from 'micro-linux/vm/media-disk';
import type { TestProject } from 'vitest/node';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';
import { prepareStages } from '../harness/device/prepare-stage.ts';
import type { Stages } from '../harness/device/stage.ts';
import { buildStoryImages } from '../harness/device/story-images.ts';
import { inPool } from '../harness/in-pool.ts';
import { workers } from '../workers.ts';
import { addUpdates, type MoreUpdates } from './updates.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Null where stories are skipped. */
    stages: Stages | null;
  }
}

/**
 * Builds the images, makes all updates from them, and boots one new device with each firmware: once,
 * for all stories.
 *
 * To repeat single stories, keep what was prepared: with STORY_STAGE=DIRECTORY it is
 * made there if it is not there yet, and stays.
 */
export async function setUpStories(
  project: TestProject,
  firmwares: readonly FirmwareKind[],
  more?: MoreUpdates,
): Promise<(() => Promise<void>) | undefined> {
  if ((await whySkipped('updates')) !== undefined) {
    project.provide('stages', null);
    return undefined;
  }
  const kept = process.env['STORY_STAGE'];
  const found = kept === undefined ? undefined : await readStages(kept);
  if (found) {
    project.provide('stages', found);
    return undefined;
  }
  const directory = kept ?? (await makeScratch('stories'));
  const stages = await prepare(directory, firmwares, more);
  project.provide('stages', stages);
  return kept === undefined ? () => removeScratch(directory) : undefined;
}

async function prepare(
  directory: string,
  firmwares: readonly FirmwareKind[],
  more?: MoreUpdates,
): Promise<Stages> {
  await run('mkdir', ['-p', directory]);
  const images = await buildStoryImages(directory);
  await addUpdates(images, more);
  const media = join(directory, 'media.img');
  await makeMediaDisk(run, { directory: images.updates, output: media });
  await run('rm', ['-rf', images.updates]);
  const stages = { directory, media, login: images.login };
  const logs = join(import.meta.dirname, '../../artifacts/logs');
  const devices = await inPool(workers(), firmwares, async (firmware) => [
    firmware,
    await prepareStages(stages, images.disk, firmware, logs),
  ]);
  const all: Stages = { ...stages, devices: Object.fromEntries(devices) };
  await writeFile(join(directory, STAGES_FILE), JSON.stringify(all));
  return all;
}

const STAGES_FILE = 'stages.json';

async function readStages(directory: string): Promise<Stages | undefined> {
  const text = await readFile(join(directory, STAGES_FILE), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Stages);
}
