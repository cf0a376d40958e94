import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLocalPackages } from './local-packages.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-packages-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function makePackage(path: string, fields: Readonly<Record<string, string>> = {}) {
  const tree = await mkdtemp(join(folder, '.tree-'));
  const control = {
    ...{ Package: 'app', Version: '1.0', Architecture: 'amd64', Description: 'An app' },
    ...{ Maintainer: 'A <a@example.com>', ...fields },
  };
  await mkdir(join(tree, 'DEBIAN'), { mode: 0o755 });
  await writeFile(
    join(tree, 'DEBIAN/control'),
    Object.entries(control)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  );
  await run('dpkg-deb', ['--root-owner-group', '--build', tree, join(folder, path)]);
}

const read = (...paths: string[]) =>
  readLocalPackages(
    paths.map((path) => join(folder, path)),
    { run, whereIs: (path) => `product.yaml:${path.at(-1)}` },
  );

test('reads files, and all packages of a folder, sorted by name', async () => {
  await mkdir(join(folder, 'debs/old'), { recursive: true });
  await makePackage('debs/z.deb', { Package: 'zoo', Architecture: 'all' });
  await makePackage('debs/old/app.deb');
  await makePackage('app 1.deb', { Version: '1:2.0~rc1-3' });
  await writeFile(join(folder, 'debs/README'), 'text');
  expect(await read('debs', 'app 1.deb', 'app 1.deb')).toMatchObject([
    { name: 'app', version: '1:2.0~rc1-3', file: join(folder, 'app 1.deb') },
    { name: 'zoo', version: '1.0', where: 'product.yaml:0: packages.local' },
  ]);
});

test('another content is another digest', async () => {
  await makePackage('app.deb');
  const [before] = await read('app.deb');
  await makePackage('app.deb', { Description: 'Another app' });
  const [after] = await read('app.deb');
  expect(after).toMatchObject({ name: before?.name, version: before?.version });
  expect(after?.digest).not.toBe(before?.digest);
});

test.each<readonly [string, () => Promise<void>, string]>([
  ['nothing', async () => {}, 'app.deb does not exist'],
  ['an empty folder', () => mkdir(join(folder, 'app.deb')), 'has no .deb file'],
  ['a text', () => writeFile(join(folder, 'app.deb'), 'text'), 'is not a Debian package'],
  [
    'another architecture',
    () => makePackage('app.deb', { Architecture: 'arm64' }),
    'app 1.0 is for arm64, and images are for amd64',
  ],
])('refuses %s, with the line that names it', async (_what, make, message) => {
  await make();
  const error = await read('app.deb').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'local-package-invalid', exitCode: 2 });
  expect(String(error)).toContain('product.yaml:0: packages.local: ');
  expect(String(error)).toContain(message);
});

test('refuses two versions of a package', async () => {
  await mkdir(join(folder, 'debs'));
  await makePackage('debs/app_1.0.deb');
  await makePackage('debs/app_1.1.deb', { Version: '1.1' });
  await expect(read('debs')).rejects.toMatchObject({
    code: 'local-package-invalid',
    why: `1.0: ${join(folder, 'debs/app_1.0.deb')}\n1.1: ${join(folder, 'debs/app_1.1.deb')}`,
  });
});
