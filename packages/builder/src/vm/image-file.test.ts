import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bootableDisk, hang } from './boot-sector.ts';
import { inspectImage } from './image-file.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'micro-linux-test-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function file(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, bytes);
  return path;
}

test('a bootable disk is accepted', async () => {
  const path = await file('disk.raw', bootableDisk(hang()));
  await expect(inspectImage(path, { run })).resolves.toEqual({
    path,
    format: 'raw',
    bytes: 1024 * 1024,
    sectorBytes: 512,
  });
});

test.each([
  ['zstd', zstdCompressSync, 'zstd -d'],
  ['gzip', gzipSync, 'gzip -dk'],
])(
  'refuses a disk compressed with %s, and names the command that decompresses it',
  async (name, pack, command) => {
    const path = await file('a disk', pack(bootableDisk(hang())));
    await expect(inspectImage(path, { run })).rejects.toMatchObject({
      code: 'image-unreadable',
      message: `${path} is compressed with ${name}`,
      hint: `unpack it: ${command} '${path}'`,
    });
  },
);

test.each([
  ['an empty file', 0],
  ['a text', 100],
  ['another kind of file', 1024 * 1024],
])('does not treat %s as a raw disk', async (_, size) => {
  const path = await file('disk.raw', 'no disk\n');
  await truncate(path, size);
  await expect(inspectImage(path, { run })).rejects.toMatchObject({
    code: 'image-unreadable',
    why: 'it has neither boot code nor a partition table',
  });
});
