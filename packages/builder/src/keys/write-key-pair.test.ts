import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readPrivateKeyFile, readPublicKeyFile } from './read-key-file.ts';
import { type KeyFolder, keyFolder } from './testing.ts';
import { publicKeyPath, writeKeyPair } from './write-key-pair.ts';

let folder: KeyFolder;
beforeEach(async () => {
  folder = await keyFolder();
});
afterEach(() => folder.remove());

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

it('writes a pair, with the private half and its directory readable by the owner only', async () => {
  const path = join(folder.path, 'keys/signing.pem');
  const pair = await writeKeyPair(path);
  expect(pair.publicKey).toBe(join(folder.path, 'keys/signing.pub.pem'));
  expect((await readPrivateKeyFile(path)).keyId).toBe(pair.keyId);
  expect((await readPublicKeyFile(pair.publicKey)).keyId).toBe(pair.keyId);
  expect(await modeOf(path)).toBe('600');
  expect(await modeOf(join(folder.path, 'keys'))).toBe('700');
  expect((await readdir(join(folder.path, 'keys'))).sort()).toEqual([
    '.gitignore',
    'signing.pem',
    'signing.pub.pem',
  ]);
});

it('leaves an existing directory unchanged', async () => {
  await writeKeyPair(join(folder.path, 'a.pem'));
  expect((await readdir(folder.path)).sort()).toEqual(['a.pem', 'a.pub.pem']);
});

it.each(['a.pem', 'a.pub.pem'])('replaces no file: %s', async (name) => {
  await writeFile(join(folder.path, name), 'mine');
  await expect(writeKeyPair(join(folder.path, 'a.pem'))).rejects.toMatchObject({
    code: 'key-exists',
    exitCode: 2,
  });
  expect(await readFile(join(folder.path, name), 'utf8')).toBe('mine');
  expect(await readdir(folder.path)).toEqual([name]);
});

it('reports that it cannot write', async () => {
  await writeFile(join(folder.path, 'file'), '');
  await expect(writeKeyPair(join(folder.path, 'file/a.pem'))).rejects.toMatchObject({
    code: 'key-unwritable',
  });
  await rm(join(folder.path, 'file'));
});

it.each([
  ['keys/a.pem', 'keys/a.pub.pem'],
  ['a', 'a.pub.pem'],
])('the public half of %s is %s', (path, expected) => {
  expect(publicKeyPath(path)).toBe(expected);
});
