import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MEDIA_LABEL, makeMediaDisk } from './media-disk.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'micro-linux-test-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('a media disk contains its files, and is found by its label', async () => {
  const files = join(directory, 'files');
  await mkdir(files);
  await writeFile(join(files, 'small.img'), 'small\n');
  await writeFile(join(files, 'large.img'), Buffer.alloc(40 * MIB, 1));
  const output = join(directory, 'media.img');
  await makeMediaDisk(run, { directory: files, output });

  const debugfs = async (request: string) => (await run('debugfs', ['-R', request, output])).stdout;
  expect(await debugfs('cat /small.img')).toBe('small\n');
  expect(await debugfs('stat /large.img')).toContain(`Size: ${40 * MIB}`);
  expect(await debugfs('stats')).toMatch(new RegExp(`volume name: +${MEDIA_LABEL}$`, 'm'));
  await run('e2fsck', ['-fn', output]);
});

test.each([1, 30, 360, 500, 2000])('files of %s MiB fit', async (mebibytes) => {
  const files = join(directory, 'files');
  await mkdir(files);
  // A fully sparse file uses no blocks, so check that its content would fit the free space.
  await writeFile(join(files, 'large.img'), '');
  await truncate(join(files, 'large.img'), mebibytes * MIB);
  const output = join(directory, 'media.img');
  await makeMediaDisk(run, { directory: files, output });
  const { stdout } = await run('dumpe2fs', ['-h', output]);
  const number = (name: string) => Number(new RegExp(`^${name}: +(\\d+)$`, 'm').exec(stdout)?.[1]);
  expect(number('Free blocks') * number('Block size')).toBeGreaterThan(mebibytes * MIB);
});
