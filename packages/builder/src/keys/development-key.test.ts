import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { developmentKey } from './development-key.ts';
import { type KeyFolder, keyFolder } from './testing.ts';

let folder: KeyFolder;
let path: string;
beforeEach(async () => {
  folder = await keyFolder();
  path = join(folder.path, 'keys/development.pem');
});
afterEach(() => folder.remove());

it('is made only once', async () => {
  const first = await developmentKey(path, true);
  const second = await developmentKey(path, true);
  expect(first?.made).toBe(true);
  expect(second).toMatchObject({ made: false, keyId: first?.keyId });
});

it('is not made by a dry run', async () => {
  expect(await developmentKey(path, false)).toBeUndefined();
  expect(await readdir(folder.path)).toEqual([]);
});

it('is made once even if several builds need it at the same time', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => developmentKey(path, true)));
  expect(new Set(keys.map((key) => key?.keyId)).size).toBe(1);
  expect(keys.filter((key) => key?.made)).toHaveLength(1);
});

it('restores its missing public half', async () => {
  const key = await developmentKey(path, true);
  const publicHalf = join(folder.path, 'keys/development.pub.pem');
  await rm(publicHalf);
  await developmentKey(path, true);
  expect(await readFile(publicHalf, 'utf8')).toBe(key?.publicPem);
});
