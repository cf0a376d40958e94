import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cleanCache } from './clean-cache.ts';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'clean-cache-'));
});
afterEach(() => rm(cache, { recursive: true }));

/** An entry of the step `slot`, last used this many hours ago. */
async function entry(name: string, hours: number): Promise<void> {
  const path = join(cache, 'slot', name);
  await mkdir(path, { recursive: true });
  const used = new Date(Date.now() - hours * 3_600_000);
  await utimes(path, used, used);
}

it('keeps the most recently used entries, and drops the others', async () => {
  await Promise.all([entry('a', 10), entry('b', 20), entry('c', 30)]);
  await cleanCache(cache, 2);
  expect(await readdir(join(cache, 'slot'))).toEqual(['a', 'b']);
});

it('keeps what another build may be using', async () => {
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => entry(name, 1)));
  await cleanCache(cache, 1);
  expect((await readdir(join(cache, 'slot'))).sort()).toEqual(['a', 'b', 'c', 'd']);
});

it('drops the leftovers of killed builds after a day', async () => {
  await Promise.all([entry('.new-old', 25), entry('.new-young', 23)]);
  await cleanCache(cache, 0);
  expect(await readdir(join(cache, 'slot'))).toEqual(['.new-young']);
});
