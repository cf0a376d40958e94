import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { run } from '@micro-linux/core';
import { expect, onTestFinished, test } from 'vitest';
import { openDevice } from '../../raw-device/open-device.ts';
import { writeImage } from './write-image.ts';
import { writeStart, zero } from './write-whole.ts';

const guard = { alive: () => undefined, signal: new AbortController().signal };

async function device(bytes: number) {
  const directory = mkdtempSync(join(tmpdir(), 'write-image-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'device');
  writeFileSync(path, Buffer.alloc(bytes, 0xee));
  const slot = await openDevice(path, { run, sysBlock: '/sys/class/block' });
  onTestFinished(() => slot.close());
  return { directory, path, slot };
}

function image(bytes: number) {
  const content = randomBytes(bytes);
  return { content, bytes, sha256: createHash('sha256').update(content).digest('hex') };
}

test.each([3 << 20, (1 << 20) + 4096, 8192])(
  'writes an image of %d bytes, its head last',
  async (bytes) => {
    const { directory, path, slot } = await device(4 << 20);
    const { content, sha256 } = image(bytes);
    const source = join(directory, 'image.zst');
    writeFileSync(source, zstdCompressSync(content));
    const writes: number[] = [];
    const watched = {
      ...slot,
      async write(offset: number, data: Uint8Array) {
        writes.push(offset);
        await slot.write(offset, data);
      },
    };
    await writeImage({ source, device: watched, bytes, sha256, guard, advance: () => undefined });
    expect(readFileSync(path).subarray(0, bytes).equals(content)).toBe(true);
    expect(
      readFileSync(path)
        .subarray(bytes)
        .every((byte) => byte === 0xee),
    ).toBe(true);
    expect(writes.at(-1)).toBe(0);
    expect(writes.slice(0, -1).every((offset) => offset >= 1 << 20)).toBe(true);
  },
);

test.each([
  ['longer', (content: Buffer) => Buffer.concat([content, content])],
  ['shorter', (content: Buffer) => content.subarray(4096)],
  ['another', (content: Buffer) => Buffer.from(content).fill(1, 0, 1)],
])('never makes an image bootable that is %s', async (_title, change) => {
  const { directory, path, slot } = await device(8 << 20);
  const { content, bytes, sha256 } = image(3 << 20);
  const source = join(directory, 'image.zst');
  writeFileSync(source, zstdCompressSync(change(content)));
  await expect(
    writeImage({ source, device: slot, bytes, sha256, guard, advance: () => undefined }),
  ).rejects.toMatchObject({ code: 'image-mismatch' });
  expect(
    readFileSync(path)
      .subarray(0, 1 << 20)
      .every((byte) => byte === 0xee),
  ).toBe(true);
});

test('reports a disk that returns other bytes', async () => {
  const { directory, slot } = await device(4 << 20);
  const { content, bytes, sha256 } = image(2 << 20);
  const source = join(directory, 'image.zst');
  writeFileSync(source, zstdCompressSync(content));
  const lazy = { ...slot, write: async () => undefined };
  await expect(
    writeImage({ source, device: lazy, bytes, sha256, guard, advance: () => undefined }),
  ).rejects.toMatchObject({ code: 'read-back-failed' });
  await expect(writeStart(lazy, content.subarray(0, 440))).rejects.toMatchObject({
    code: 'read-back-failed',
  });
});

test.each([
  ['its head', 0, 1],
  ['the rest', 1 << 20, 0],
])('leaves a disk without a head that returns %s wrongly', async (_title, wrong, heads) => {
  const { directory, path, slot } = await device(4 << 20);
  const { content, bytes, sha256 } = image(2 << 20);
  const source = join(directory, 'image.zst');
  writeFileSync(source, zstdCompressSync(content));
  let written = 0;
  const lying = {
    ...slot,
    async write(offset: number, data: Uint8Array) {
      written += offset === 0 && data.some((byte) => byte !== 0) ? 1 : 0;
      const changed = Buffer.from(data);
      if (offset === wrong) {
        changed[5] = (changed[5] ?? 0) ^ (changed.some((byte) => byte !== 0) ? 1 : 0);
      }
      await slot.write(offset, changed);
    },
  };
  await expect(
    writeImage({ source, device: lying, bytes, sha256, guard, advance: () => undefined }),
  ).rejects.toMatchObject({ code: 'read-back-failed' });
  expect(written).toBe(heads);
  const head = readFileSync(path).subarray(0, 1 << 20);
  expect(head.every((byte) => byte === (heads === 0 ? 0xee : 0))).toBe(true);
});

test('boot code does not change what follows it; zeros stay in their ranges', async () => {
  const { path, slot } = await device(4 << 20);
  const code = randomBytes(440);
  await writeStart(slot, code);
  expect(readFileSync(path).subarray(0, 440).equals(code)).toBe(true);
  expect(readFileSync(path)[440]).toBe(0xee);
  await zero(slot, [
    { offset: 4096, bytes: 100 },
    { offset: (4 << 20) - 10, bytes: 4096 },
  ]);
  const found = readFileSync(path);
  expect(found.length).toBe(4 << 20);
  expect(found.subarray(4096, 4196).every((byte) => byte === 0)).toBe(true);
  expect([found[4095], found[4196], found.at(-11), found.at(-10)]).toEqual([0xee, 0xee, 0xee, 0]);
});
