import { appendFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeKeyPair } from '../../keys/write-key-pair.ts';
import { writeCredentials } from '../../output/credentials.ts';
import { keepOutOfGit } from './keep-out-of-git.ts';

let repository: string;
beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), 'keep-out-of-git-'));
});
afterEach(() => rm(repository, { recursive: true }));

const at = (name: string) => join(repository, name);
const git = async (...args: readonly string[]) =>
  (await run('git', ['-C', repository, ...args])).stdout;

const hasGit = await run('git', ['--version']).then(
  () => true,
  () => false,
);

/** What `git add -A` would commit. */
async function taken(): Promise<string[]> {
  await git('add', '-A');
  return (await git('diff', '--cached', '--name-only')).trim().split('\n').sort();
}

test('writes nothing outside a work tree', async () => {
  expect(await keepOutOfGit(at('key'), run)).toEqual({ kind: 'not-in-git' });
  await expect(readFile(at('.gitignore'))).rejects.toThrow('ENOENT');
});

test('adds the line even without git', async () => {
  await mkdir(at('.git'));
  const none = () => run('no-such-git', []);
  expect(await keepOutOfGit(at('a key#'), none)).toEqual({
    kind: 'added',
    file: at('.gitignore'),
  });
  expect(await readFile(at('.gitignore'), 'utf8')).toBe('/a\\ key\\#\n');
});

describe.skipIf(!hasGit)('in a git work tree (needs git)', () => {
  beforeEach(async () => {
    await git('init', '--quiet');
  });

  test.each(['b', 'keys/b', 'c.key', 'weird [x]*?.pem', '#a', '!a', 'deep/er/k.pem'])(
    '`git add -A` skips the private key %j',
    async (name) => {
      await writeKeyPair(at(name));
      const names = await taken();
      expect(names.filter((one) => !/\.pub\.pem"?$|\.gitignore$/.test(one))).toEqual([]);
      expect(names.some((one) => /\.pub\.pem"?$/.test(one))).toBe(true);
    },
  );

  test('an existing folder with its own rules gets one line', async () => {
    await mkdir(at('keys'));
    await writeFile(at('keys/.gitignore'), '*.pem');
    expect(await writeKeyPair(at('keys/b'))).toMatchObject({ gitignore: at('keys/.gitignore') });
    expect(await readFile(at('keys/.gitignore'), 'utf8')).toBe('*.pem\n/b\n');
    expect(await taken()).toEqual(['keys/.gitignore']);
    expect(await writeKeyPair(at('keys/c.pem'))).not.toHaveProperty('gitignore');
  });

  test('through a symbolic link', async () => {
    await mkdir(at('real'));
    await symlink('real', at('link'));
    await writeKeyPair(at('link/b'));
    expect(await taken()).toEqual(['link', 'real/.gitignore', 'real/b.pub.pem']);
  });

  test('a key that git would still add is not made', async () => {
    await writeFile(at('b'), 'tracked');
    await git('add', 'b');
    await rm(at('b'));
    await expect(writeKeyPair(at('b'))).rejects.toMatchObject({ code: 'key-not-ignored' });
    await expect(readFile(at('b'))).rejects.toThrow('ENOENT');
  });

  test('the credentials of a build', async () => {
    await mkdir(at('out'));
    await writeCredentials(at('out'), { user: 'micro', password: 'x', build: 'b' });
    await appendFile(at('out/build.log'), '');
    expect(await taken()).toEqual(['out/.gitignore', 'out/build.log']);
  });
});

test.each(['c.pub.pem', 'c.pub', 'c.PUB.PEM', '.pub.pem'])(
  'no private key is called %s',
  async (name) => {
    await expect(writeKeyPair(at(name))).rejects.toMatchObject({
      code: 'key-name',
      exitCode: 2,
      hint: expect.stringMatching(/keygen .*\/(?:c|signing)\.pem$/),
    });
  },
);
