import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RepositoryConfig } from '../../config/repositories.ts';
import { keptRepositories, readRepositories } from './repositories.ts';

let folder: string;
let fingerprint: string;
let other: string;

/** Makes a key and exports it, armored and binary; returns its fingerprint. */
async function makeKey(name: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'gpg-'));
  const gpg = (...args: string[]) =>
    run('gpg', ['--batch', '--quiet', '--yes', ...args], { env: { GNUPGHOME: home } });
  try {
    await gpg(
      ...['--pinentry-mode', 'loopback', '--passphrase', ''],
      ...['--quick-generate-key', name, 'ed25519', 'sign', 'never'],
    );
    await gpg('--output', join(folder, `${name}.gpg`), '--export');
    await gpg('--armor', '--output', join(folder, `${name}.asc`), '--export');
    await gpg(
      ...['--pinentry-mode', 'loopback', '--passphrase', '', '--armor'],
      ...['--output', join(folder, `${name}.private`), '--export-secret-keys'],
    );
    const { stdout } = await gpg('--with-colons', '--list-keys');
    return /^fpr:(?:[^:]*:){8}([0-9A-F]+):/m.exec(stdout)?.[1] ?? '';
  } finally {
    await run('gpgconf', ['--kill', 'all'], { env: { GNUPGHOME: home } });
    await rm(home, { recursive: true, force: true });
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repositories-'));
  fingerprint = await makeKey('vendor');
  other = await makeKey('other');
});
afterAll(() => rm(folder, { recursive: true }));

const read = (given: Partial<RepositoryConfig> = {}) =>
  readRepositories(
    [
      {
        ...{ name: 'vendor', uris: ['https://packages.example/debian'], suites: ['stable'] },
        ...{ components: ['main'], signedBy: join(folder, 'vendor.asc'), fingerprint: undefined },
        ...{ pin: undefined, keep: false, ...given },
      },
    ],
    { run, whereIs: () => 'product.yaml:7:5' },
  );

describe('the key file of a repository', () => {
  test.each(['vendor.asc', 'vendor.gpg'])(
    '%s is read, and its fingerprint compared',
    async (name) => {
      const [one] = await read({ signedBy: join(folder, name), fingerprint });
      await writeFile(join(folder, 'again.asc'), one?.key ?? '');
      // The oracle: gpg reads what we wrote.
      const { stdout } = await run('gpg', [
        '--with-colons',
        '--show-keys',
        join(folder, 'again.asc'),
      ]);
      expect(stdout).toContain(`:${fingerprint}:`);
      expect(one).not.toHaveProperty('signedBy');
    },
  );

  test('with another key, or one more, is refused', async () => {
    await run('sh', ['-c', 'cat vendor.gpg other.gpg >both.gpg'], { cwd: folder });
    for (const name of ['other.asc', 'both.gpg']) {
      await expect(read({ signedBy: join(folder, name), fingerprint })).rejects.toMatchObject({
        ...{ code: 'repository-key-invalid', exitCode: 2 },
        message: expect.stringContaining('product.yaml:7:5: repositories: vendor: '),
        why: expect.stringContaining(`in the file: ${other}`),
      });
    }
  });

  test.each(['missing', 'text', 'empty', 'vendor.private', '.'])('%s is refused', async (name) => {
    await writeFile(join(folder, 'text'), 'no key');
    await writeFile(join(folder, 'empty'), '');
    await expect(read({ signedBy: join(folder, name) })).rejects.toMatchObject({
      ...{ code: 'repository-key-invalid', exitCode: 2 },
    });
  });
});

test('only archives that are kept have files in the slot', async () => {
  expect(keptRepositories(await read())).toEqual([]);
  const entries = keptRepositories(await read({ keep: true, pin: 600 }));
  expect(entries).toMatchObject([
    { path: '/etc/apt/keyrings/vendor.asc' },
    {
      path: '/etc/apt/sources.list.d/vendor.sources',
      content: [
        'Types: deb',
        'URIs: https://packages.example/debian',
        'Suites: stable',
        'Components: main',
        'Architectures: amd64',
        'Signed-By: /etc/apt/keyrings/vendor.asc',
        '',
      ].join('\n'),
    },
    {
      path: '/etc/apt/preferences.d/vendor.pref',
      content: 'Package: *\nPin: origin "packages.example"\nPin-Priority: 600\n',
    },
  ]);
});
