import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { debugfs, editByDebugfs } from './debugfs.ts';

let directory = '';
let image = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'debugfs-'));
  image = join(directory, 'image');
  const content = join(directory, 'content');
  await writeFile(content, 'hello\n');
  await writeFile(join(directory, 'empty'), '');
  await run('/usr/sbin/mke2fs', ['-q', '-t', 'ext4', image, '4M']);
  await editByDebugfs(image, [`write ${content} /hello`, `write ${directory}/empty /empty`]);
});
afterAll(() => rm(directory, { recursive: true }));

it('reads files, including an empty one', async () => {
  expect(await debugfs(image, 'cat /hello')).toBe('hello\n');
  expect(await debugfs(image, 'cat /empty')).toBe('');
});

it.each(['cat /none', 'stat /none', 'ls -p /none'])(
  '%s is an error, not an empty answer',
  async (request) => {
    await expect(debugfs(image, request)).rejects.toThrow(request);
  },
);

it('fails when the image is missing', async () => {
  await expect(debugfs(join(directory, 'none'), 'cat /hello')).rejects.toThrow('No such file');
});

it('a change that fails is an error', async () => {
  await expect(editByDebugfs(image, ['rm /none'])).rejects.toThrow('rm: File not found');
});
