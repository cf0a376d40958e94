import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profileOf } from '../profiles/index.ts';
import { preflightArchive } from './archive.ts';
import { checkKeyring } from './keyring.ts';
import { findTool, toolPath } from './tool-path.ts';

const noble = profileOf('noble');

const path = toolPath(process.env['PATH']);
const hasGpg =
  (await findTool('gpg', path)) !== undefined && (await findTool('gpgv', path)) !== undefined;
if (!hasGpg) {
  console.warn('SKIPPED: gpg or gpgv is not installed; nothing here checks a real signature');
}

let directory: string;
let ours: TestKey;
let theirs: TestKey;
let inRelease: string;

interface TestKey {
  readonly homedir: string;
  /** Binary keyring. */
  readonly keyring: string;
  /** Long key id. */
  readonly id: string;
}

describe.skipIf(!hasGpg)('with real keys', () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'micro-linux-keys-'));
    ours = await makeKey('ours');
    theirs = await makeKey('theirs');
    inRelease = await sign(ours, 'Suite: noble\nCodename: noble\n');
  });
  afterAll(async () => {
    for (const key of [ours, theirs]) {
      await run('gpgconf', ['--homedir', key.homedir, '--kill', 'all']);
    }
    await rm(directory, { recursive: true, force: true });
  });

  it('accepts the keyring that contains the signing key', async () => {
    expect(await checkKeyring(noble, { keyringPath: ours.keyring, inRelease })).toBe(ours.keyring);
  });

  it('accepts an armored keyring', async () => {
    const armoured = join(directory, 'ours.asc');
    await gpg(ours, '--armor', '--output', armoured, '--export');

    expect(await checkKeyring(noble, { keyringPath: armoured, inRelease })).toBe(armoured);
  });

  it('accepts a directory of keyrings if one of them matches', async () => {
    const keyrings = join(directory, 'trusted.gpg.d');
    await mkdir(keyrings);
    await writeFile(join(keyrings, 'a.gpg'), await readFile(theirs.keyring));
    await writeFile(join(keyrings, 'b.gpg'), await readFile(ours.keyring));

    expect(await checkKeyring(noble, { keyringPath: keyrings, inRelease })).toBe(keyrings);
  });

  it("names the key that is missing from another vendor's keyring", async () => {
    await expect(
      checkKeyring(noble, { keyringPath: theirs.keyring, inRelease }),
    ).rejects.toMatchObject({
      code: 'keyring-wrong',
      why: expect.stringContaining(ours.id),
    });
  });

  it('refuses an index that was changed after it was signed', async () => {
    const changed = inRelease.replace('Suite: noble', 'Suite: n0ble');

    await expect(
      checkKeyring(noble, { keyringPath: ours.keyring, inRelease: changed }),
    ).rejects.toMatchObject({ code: 'archive-signature-bad' });
  });

  it('refuses an index without a signature', async () => {
    await expect(
      checkKeyring(noble, { keyringPath: ours.keyring, inRelease: 'Suite: noble\n' }),
    ).rejects.toMatchObject({ code: 'keyring-wrong' });
  });

  it('lets a build begin if the keyring matches the archive', async () => {
    await withArchive(async (archive) => {
      const mirror = { archive, security: archive };
      expect(await preflightArchive(noble, mirror, ours.keyring)).toMatchObject({
        keyring: ours.keyring,
      });
      await expect(preflightArchive(noble, mirror, theirs.keyring)).rejects.toMatchObject({
        code: 'keyring-wrong',
        message: expect.stringContaining(archive),
      });
    });
  });

  it('stops a build whose archive has no security pocket, and names it', async () => {
    await withArchive(async (archive) => {
      const mirror = { archive, security: `${archive}/elsewhere` };
      await expect(preflightArchive(noble, mirror, ours.keyring)).rejects.toMatchObject({
        code: 'archive-unreachable',
        message: expect.stringContaining(`${archive}/elsewhere`),
        hint: expect.stringContaining('--profile bookworm'),
      });
    });
  });
});

it('says how to get a missing keyring of the distribution', async () => {
  await expect(
    checkKeyring({ ...noble, keyring: '/nonexistent/ubuntu.gpg' }),
  ).rejects.toMatchObject({
    code: 'keyring-missing',
    hint: expect.stringContaining('./micro-linux setup-host'),
  });
});

it('reports a missing custom keyring as an error in the config', async () => {
  await expect(checkKeyring(noble, { keyringPath: '/nonexistent/own.gpg' })).rejects.toMatchObject({
    code: 'keyring-missing',
    hint: expect.stringContaining('keyring:'),
  });
});

it('checks the keyring before it uses the network', async () => {
  await expect(
    preflightArchive(noble, 'http://mirror.invalid', '/nonexistent/own.gpg'),
  ).rejects.toMatchObject({ code: 'keyring-missing' });
});

async function makeKey(name: string): Promise<TestKey> {
  const homedir = join(directory, name);
  const keyring = join(directory, `${name}.gpg`);
  await mkdir(homedir, { mode: 0o700 });
  const key = { homedir, keyring, id: '' };
  await gpg(key, '--passphrase', '', '--quick-generate-key', `${name}@test`, 'ed25519', 'sign');
  await gpg(key, '--output', keyring, '--export');
  const listing = await gpg(key, '--with-colons', '--list-keys');
  return { ...key, id: /^pub:(?:[^:]*:){3}([0-9A-F]{16}):/m.exec(listing)?.[1] ?? 'no key id' };
}

async function sign(key: TestKey, text: string): Promise<string> {
  const { stdout } = await run(
    'gpg',
    ['--homedir', key.homedir, '--batch', '--quiet', '--clearsign'],
    { input: text },
  );
  return stdout;
}

async function gpg(key: TestKey, ...args: string[]): Promise<string> {
  const { stdout } = await run('gpg', ['--homedir', key.homedir, '--batch', '--quiet', ...args]);
  return stdout;
}

async function withArchive(use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const isOurs = /^\/dists\/noble(?:-updates|-security)?\/InRelease$/.test(request.url ?? '');
    response.writeHead(isOurs ? 200 : 404).end(isOurs ? inRelease : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    await use(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  } finally {
    server.close();
  }
}
