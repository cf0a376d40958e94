import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeUpdate } from '@micro-linux/update-image/testing';
import type { Payload } from '@micro-linux/update-image/write';
import { expect, it, onTestFinished } from 'vitest';
import { checkUpdate } from './check-update.ts';

const OTHER = 'a'.repeat(64);

/** Writes an update of a small image; `lie` changes its manifest. */
async function updateWith(lie: (payload: Payload) => Payload): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'check-update-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const at = (name: string) => join(directory, name);
  writeFileSync(at('image'), randomBytes(150_000));
  const output = at('update.img');
  await makeUpdate({ image: at('image'), payload: at('payload'), output, lie });
  return output;
}

const check = (path: string) =>
  checkUpdate(path, { signal: new AbortController().signal, onProgress: () => undefined });

it('finds nothing wrong with a correct update', async () => {
  const path = await updateWith((payload) => payload);
  expect(await check(path)).toMatchObject({ bytes: readFileSync(path).length });
});

it('finds a whole-image hash that does not match the chunks', async () => {
  const path = await updateWith((payload) => ({ ...payload, sha256: OTHER }));
  await expect(check(path)).rejects.toMatchObject({
    code: 'image-mismatch',
    why: expect.stringContaining(OTHER),
  });
});

it('finds a chunk hash that does not match its content, which apply does not check', async () => {
  const path = await updateWith(({ chunks, ...image }) => ({
    ...image,
    chunks: chunks.map((chunk, index) => (index === 1 ? { ...chunk, sha256: OTHER } : chunk)),
  }));
  await expect(check(path)).rejects.toMatchObject({
    code: 'image-mismatch',
    why: expect.stringContaining('chunk 1 '),
  });
});

it('finds a damaged frame and a damaged seek table', async () => {
  const path = await updateWith((payload) => payload);
  const bytes = readFileSync(path);
  const spoil = (at: number) => {
    const spoilt = Buffer.from(bytes);
    spoilt[at] = (spoilt[at] ?? 0) ^ 1;
    writeFileSync(path, spoilt);
  };
  spoil(bytes.length - 20);
  await expect(check(path)).rejects.toMatchObject({ code: 'seek-table-damaged' });
  spoil(Math.floor(bytes.length / 2));
  await expect(check(path)).rejects.toMatchObject({ code: 'chunk-corrupt' });
});
