import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HASHES } from '@micro-linux/provision/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../config/load.ts';
import { makeAutoinstall } from './autoinstall.ts';
import { seedTexts } from './seed-files.ts';
import { writeSeed } from './write-seed.ts';

const autoinstall = makeAutoinstall(await loadConfig({ text: '', env: {}, flags: [] }), HASHES[0]);
const texts = seedTexts(autoinstall, 'micro-linux-1');

let artifacts: string;
beforeEach(async () => {
  artifacts = await mkdtemp(join(tmpdir(), 'seed-'));
});
afterEach(() => rm(artifacts, { recursive: true }));

test('both forms have the same content, and the first line of user-data identifies it', () => {
  expect(texts['user-data'].startsWith('#cloud-config\n')).toBe(true);
  expect(parse(texts['user-data'])).toEqual({ autoinstall });
  expect(parse(texts['autoinstall.yaml'])).toEqual(autoinstall);
  expect(parse(texts['meta-data'])).toEqual({ 'instance-id': 'micro-linux-1' });
});

test("names the reference, as Canonical's check of a seed asks", () => {
  const reference =
    'https://canonical-subiquity.readthedocs-hosted.com/en/latest/reference/autoinstall-reference.html';
  expect(texts['user-data']).toContain(reference);
  expect(texts['autoinstall.yaml']).toContain(reference);
});

test('replaces what was there, readable by its owner only, and leaves nothing else behind', async () => {
  const directory = join(artifacts, 'autoinstall');
  await mkdir(directory);
  await writeFile(join(directory, 'user-data'), 'old', { mode: 0o666 });
  await writeFile(join(directory, 'user-data.new'), 'left by a crash');
  const files = await writeSeed(artifacts, texts);
  expect((await readdir(directory)).sort()).toEqual(['autoinstall.yaml', 'meta-data', 'user-data']);
  for (const file of files) {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  }
  expect(await readFile(join(directory, 'user-data'), 'utf8')).toBe(texts['user-data']);
});
