import { createHash, verify } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { run } from '@micro-linux/core';
import { installManifestSchema, MediumPath } from '@micro-linux/provision';
import { parseSignatureFile } from '@micro-linux/update-image';
import { generateKeyPair, parsePrivateKey, signManifest } from '@micro-linux/update-image/write';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Signer } from '../../keys/signer.ts';
import { mediumSignatures } from './medium-signatures.ts';
import { mediumStep } from './medium-step.ts';

const ABOUT = {
  compatible: 'box',
  version: '1.2.3',
  profile: 'noble',
  buildId: 'id',
  disk: { espBytes: 4096, slotBytes: 8192 },
};

const PAIR = generateKeyPair();
const KEY = parsePrivateKey(PAIR.privatePem, 'a key of the test');
const SIGNER: Signer = {
  keyId: KEY.keyId,
  title: 'a key of the test',
  sign: async (bytes) => signManifest(bytes, KEY.key),
};

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'medium-step-'));
});
afterEach(() => rm(scratch, { recursive: true }));

async function make(signs: 'somebody' | 'nobody' = 'somebody') {
  const given = async (name: string, content: string | Buffer) => {
    await mkdir(dirname(join(scratch, name)), { recursive: true });
    await writeFile(join(scratch, name), content);
    return join(scratch, name);
  };
  const step = mediumStep({
    about: ABOUT,
    update: await given('micro-linux-noble.update.img', 'UPDATE'),
    esp: await given('esp.img', Buffer.concat([Buffer.from('ESP'), Buffer.alloc(1_000_000)])),
    esp4k: await given('esp4k.img', Buffer.concat([Buffer.from('ESP4'), Buffer.alloc(2_000_000)])),
    seed: {
      autoinstall: await given('autoinstall.yaml', 'SEED'),
      userData: await given('user-data', 'USER'),
      metaData: await given('meta-data', 'META'),
    },
    others: [
      { path: '/boot/grub/grub.cfg', file: await given('grub.cfg', 'MENU') },
      { path: '/EFI', file: dirname(dirname(await given('EFI/BOOT/x.efi', 'SHIM'))) },
    ],
    signer: signs === 'somebody' ? SIGNER : undefined,
    biosGrub: { bootCode: await given('b.img', 'BOOT'), core: await given('c.img', 'CORE') },
    keys: [{ keyId: 'ff', pem: 'PEM\n' }],
    needs: [],
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

it('lists what each file on the medium must be', async () => {
  const { read } = await make();
  const manifest = installManifestSchema.parse(
    JSON.parse((await read(MediumPath.manifest)).toString()),
  );
  expect(manifest).toMatchObject({ format: 'micro-linux-medium', schema: 2, ...ABOUT });
  const { files } = manifest;
  for (const name of ['update', 'esp', 'esp4k', 'bootCode', 'core'] as const) {
    const bytes = await read(MediumPath[name]);
    expect(files[name]).toMatchObject({ bytes: bytes.length, sha256: sha256(bytes) });
  }
  const esp = zstdDecompressSync(await read(MediumPath.esp));
  expect(files.esp).toMatchObject({ imageBytes: esp.length, imageSha256: sha256(esp) });
  expect(files.esp.bytes).toBeLessThan(1000);
  expect(files.esp4k.imageBytes).toBe(2_000_004);
  expect(files.seed).toEqual({ bytes: 4, sha256: sha256(Buffer.from('SEED')) });
  expect(Object.keys(manifest.others)).toEqual([
    '/EFI/BOOT/x.efi',
    '/boot/grub/grub.cfg',
    '/micro-linux/keys/ff.pem',
    '/nocloud/meta-data',
    '/nocloud/user-data',
  ]);
  expect(manifest.others['/EFI/BOOT/x.efi']?.sha256).toBe(sha256(Buffer.from('SHIM')));
});

it('contains the keys, and the manifest last', async () => {
  const { placed, read } = await make();
  expect((await read('/micro-linux/keys/ff.pem')).toString()).toBe('PEM\n');
  expect(placed.at(-1)?.path).toBe(MediumPath.manifest);
});

it('signs the bytes of the manifest, so that any tool can check them', async () => {
  const { placed, read } = await make();
  const [signature] = parseSignatureFile(await read(MediumPath.signatures));
  expect(signature?.keyId).toBe(KEY.keyId);
  const bytes = Buffer.from(signature?.signature ?? '', 'base64');
  expect(verify(null, await read(MediumPath.manifest), PAIR.publicPem, bytes)).toBe(true);
  const trust = { keys: [{ keyId: KEY.keyId, pem: PAIR.publicPem }], threshold: 1 };
  expect(await mediumSignatures(placed, trust)).toEqual({ signedBy: [KEY.keyId] });
  expect(await mediumSignatures(placed, { ...trust, threshold: 2 })).toHaveProperty('manifest');
});

it('leaves space for signatures that are made elsewhere', async () => {
  const { placed, read } = await make('nobody');
  expect(parseSignatureFile(await read(MediumPath.signatures))).toEqual([]);
  const { signedBy, manifest } = await mediumSignatures(placed, { keys: [], threshold: 1 });
  expect(signedBy).toEqual([]);
  expect(await readFile(manifest ?? '')).toEqual(await read(MediumPath.manifest));
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
