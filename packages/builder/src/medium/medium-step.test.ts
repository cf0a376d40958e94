import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { run } from '@micro-linux/core';
import { installManifestSchema, MediumPath } from '@micro-linux/provision';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mediumStep } from './medium-step.ts';

const ABOUT = {
  compatible: 'box',
  version: '1.2.3',
  profile: 'noble',
  buildId: 'id',
  disk: { espBytes: 4096, slotBytes: 8192 },
};

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'medium-step-'));
});
afterEach(() => rm(scratch, { recursive: true }));

async function make() {
  const given = async (name: string, content: string | Buffer) => {
    await writeFile(join(scratch, name), content);
    return join(scratch, name);
  };
  const step = mediumStep({
    about: ABOUT,
    update: await given('micro-linux-noble.update.img', 'UPDATE'),
    esp: await given('esp.img', Buffer.concat([Buffer.from('ESP'), Buffer.alloc(1_000_000)])),
    biosGrub: { bootCode: await given('b.img', 'BOOT'), core: await given('c.img', 'CORE') },
    keys: [{ keyId: 'ff', pem: 'PEM\n' }],
  });
  const outputDirectory = join(scratch, 'out');
  await mkdir(outputDirectory);
  await step.run({
    run,
    signal: new AbortController().signal,
    progress: () => {},
    logFile: join(scratch, 'log'),
    outputDirectory,
    workDirectory: scratch,
  });
  const placed = step.result(outputDirectory);
  const file = (path: string) => placed.find((one) => one.path === path)?.file ?? 'missing';
  return { placed, read: (path: string) => readFile(file(path)) };
}

it('tells of each file on the medium what it must be', async () => {
  const { read } = await make();
  const manifest = installManifestSchema.parse(
    JSON.parse((await read(MediumPath.manifest)).toString()),
  );
  expect(manifest).toMatchObject({ schema: 1, ...ABOUT });
  const { files } = manifest;
  for (const name of ['update', 'esp', 'bootCode', 'core'] as const) {
    const bytes = await read(MediumPath[name]);
    expect(files[name]).toMatchObject({ bytes: bytes.length, sha256: sha256(bytes) });
  }
  const esp = zstdDecompressSync(await read(MediumPath.esp));
  expect(files.esp).toMatchObject({ imageBytes: esp.length, imageSha256: sha256(esp) });
  expect(files.esp.bytes).toBeLessThan(1000);
});

it('carries the keys, and the manifest last', async () => {
  const { placed, read } = await make();
  expect((await read('/micro-linux/keys/ff.pem')).toString()).toBe('PEM\n');
  expect(placed.at(-1)?.path).toBe(MediumPath.manifest);
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
