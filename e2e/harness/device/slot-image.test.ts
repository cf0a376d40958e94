import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SlotImage } from './slot-image.ts';

let directory: string;
let slot: SlotImage;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'micro-linux-test-'));
  const tree = join(directory, 'tree');
  await mkdir(join(tree, 'boot'), { recursive: true });
  await mkdir(join(tree, 'usr/lib/systemd/system/multi-user.target.wants'), { recursive: true });
  await writeFile(join(tree, 'boot/kernel-1'), Buffer.alloc(64 * 1024, 'k'));
  await symlink('kernel-1', join(tree, 'boot/vmlinuz'));
  await writeFile(join(tree, 'hello'), 'hello\n');
  const image = join(directory, 'image.ext4');
  await run('mke2fs', ['-q', '-t', 'ext4', '-b', '4096', '-d', tree, image, '8M']);
  slot = await SlotImage.copy(image, join(directory, 'slot.ext4'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const stat = async (path: string) =>
  (await run('debugfs', ['-R', `stat ${path}`, slot.path])).stdout;

test('writes new files and replaces existing ones, with their mode', async () => {
  await slot.write('/hello', 'good bye\n');
  await slot.makeDirectory('/new');
  await slot.write('/new/script', '#!/bin/sh\n', 0o755);
  expect(await slot.read('/hello')).toBe('good bye\n');
  expect(await stat('/new/script')).toMatch(/Type: regular +Mode: +0755/);
  await slot.check();
});

test('removes files, and throws for a missing file', async () => {
  await slot.remove('/hello');
  expect(await stat('/hello')).not.toContain('Inode');
  await expect(slot.remove('/hello')).rejects.toThrow(/hello/);
  await slot.check();
});

test('corrupts the middle of a file, and the file system stays valid', async () => {
  await slot.corrupt(`/boot/${await slot.linkTarget('/boot/vmlinuz')}`);
  const kernel = await slot.read('/boot/kernel-1');
  expect(kernel).toHaveLength(64 * 1024);
  expect(kernel.slice(0, 4096)).toBe('k'.repeat(4096));
  expect(kernel).toContain('Z'.repeat(4096));
  await slot.check();
});

test('enables a service by its link', async () => {
  await slot.addService('story', ['[Service]', 'ExecStart=/bin/true']);
  expect(await slot.read('/usr/lib/systemd/system/story.service')).toContain('ExecStart=/bin/true');
  expect(
    await slot.linkTarget('/usr/lib/systemd/system/multi-user.target.wants/story.service'),
  ).toBe('/usr/lib/systemd/system/story.service');
});
