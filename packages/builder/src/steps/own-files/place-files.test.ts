import { chmod, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '@micro-linux/core';
import type { TreeEntry } from '@micro-linux/provision';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImageFile } from '../../product/image-file.ts';
import { removeTree } from '../../system/userns/remove-tree.ts';
import { runAsNamespaceRoot } from '../../system/userns/user-namespace.ts';
import { writeTar } from '../tar/write-tar.ts';
import { listTar, withEntries } from './list-tar.ts';
import { INITIAL_DIRECTORY, placeFiles } from './place-files.ts';

const UNPACK = resolve(import.meta.dirname, '../../../scripts/unpack-tree.sh');

const ACCOUNTS = {
  passwd:
    'root:x:0:0::/root:/bin/sh\napp:x:310:311::/:/bin/false\nops:x:1000:1000::/home/ops:/bin/sh\n',
  group: 'root:x:0:\napp:x:311:\nadm:x:4:ops\nops:x:1000:\n',
};

/** As much of an image as the tests need. */
const IMAGE: readonly TreeEntry[] = [
  { kind: 'directory', path: '/usr' },
  { kind: 'directory', path: '/usr/lib' },
  { kind: 'directory', path: '/usr/bin' },
  { kind: 'file', path: '/usr/bin/sudo', mode: 0o4755, content: 'sudo' },
  { kind: 'link', path: '/lib', target: 'usr/lib' },
  { kind: 'link', path: '/bin', target: 'usr/bin' },
  { kind: 'directory', path: '/etc' },
  { kind: 'directory', path: '/etc/sudoers.d', mode: 0o750, gid: 27 },
  { kind: 'link', path: '/etc/os-release', target: '../usr/lib/os-release' },
  { kind: 'file', path: '/usr/lib/os-release', content: 'of the distribution' },
  { kind: 'link', path: '/etc/alternatives', target: '/usr/lib/alternatives' },
  { kind: 'directory', path: '/var' },
  { kind: 'directory', path: '/var/lib' },
  { kind: 'directory', path: '/var/lib/app', mode: 0o700, uid: 310, gid: 311 },
  { kind: 'link', path: '/var/mail', target: 'spool/mail' },
  { kind: 'directory', path: '/home' },
  { kind: 'directory', path: '/tmp', mode: 0o1777 },
];

let scratch = '';
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'place-files-'));
});
afterEach(() => removeTree(scratch, run));

const file = (path: string, more: { owner?: string; mode?: number } = {}): ImageFile => ({
  ...{ kind: 'file', path, content: `${path}\n`, from: `overlay${path}`, ...more },
});
const directory = (path: string, mode = 0o755, owner?: string): ImageFile => ({
  ...{ kind: 'directory', path, mode, from: `overlay${path}`, owner },
});

async function nodes() {
  const tar = join(scratch, 'root.tar');
  await writeTar(tar, IMAGE, 0);
  return listTar(tar, { run, signal: new AbortController().signal });
}

async function place(
  slot: readonly ImageFile[],
  initial: readonly ImageFile[] = [],
  others: readonly TreeEntry[] = [],
) {
  return placeFiles(
    { slot, initial, digest: '' },
    { nodes: withEntries(await nodes(), others), accounts: ACCOUNTS },
  );
}

it('lists a tar as GNU tar does', async () => {
  await mkdir(join(scratch, 'tree/a b'), { recursive: true });
  await writeFile(join(scratch, 'tree/a b/c -d'), 'x');
  await chmod(join(scratch, 'tree/a b/c -d'), 0o6711);
  await symlink('c -d', join(scratch, 'tree/a b/link'));
  const tar = join(scratch, 'odd.tar');
  await run('tar', ['-cf', tar, '--owner=5:5', '--group=7:7', '-C', join(scratch, 'tree'), '.']);
  const found = await listTar(tar, { run, signal: new AbortController().signal });
  expect(Object.fromEntries(found)).toMatchObject({
    '/': { kind: 'directory' },
    '/a b/c -d': { kind: 'file', mode: 0o6711, uid: 5, gid: 7 },
    '/a b/link': { kind: 'link', target: 'c -d' },
  });
  const image = await nodes();
  expect(image.get('/tmp')).toMatchObject({ kind: 'directory', mode: 0o1777 });
  expect(image.get('/etc/sudoers.d')).toMatchObject({ mode: 0o750, gid: 27 });
  expect(image.size).toBe(IMAGE.length);
});

it('keeps the links, modes and owners of directories that the image has', async () => {
  const entries = await place([
    directory('/etc/sudoers.d', 0o777),
    file('/etc/sudoers.d/app', { mode: 0o440 }),
    file('/usr/lib/systemd/system/app.service'),
    file('/etc/os-release'),
  ]);
  const [root, overlay] = [join(scratch, 'root.tar'), join(scratch, 'overlay.tar')];
  await writeTar(overlay, entries, 0);
  const tree = join(scratch, 'tree');
  await runAsNamespaceRoot(run, UNPACK, [tree, root, overlay], {});
  const stat = async (path: string) =>
    (await run('stat', ['-c', '%F %a', join(tree, path)])).stdout.trim();
  expect(await stat('lib')).toBe('symbolic link 777');
  expect(await stat('bin')).toBe('symbolic link 777');
  expect(await stat('etc/sudoers.d')).toBe('directory 750');
  expect(await stat('usr/lib/systemd')).toBe('directory 755');
  expect(await stat('usr/bin/sudo')).toBe('regular file 4755');
  // The file replaces the link; what the link leads to stays.
  expect(await readFile(join(tree, 'etc/os-release'), 'utf8')).toBe('/etc/os-release\n');
  expect(await readFile(join(tree, 'usr/lib/os-release'), 'utf8')).toBe('of the distribution');
});

it('makes all directories above a file, so that their times are those of the build', async () => {
  expect(await place([file('/opt/app/conf/x')])).toMatchObject([
    { kind: 'directory', path: '/opt/app/conf', mode: 0o755, uid: 0, gid: 0 },
    { kind: 'directory', path: '/opt/app' },
    { kind: 'directory', path: '/opt' },
    { kind: 'file', path: '/opt/app/conf/x', uid: 0, gid: 0 },
  ]);
});

it.each([
  ['below a link', [file('/etc/alternatives/x')], 'use /usr/lib/alternatives/x'],
  ['a directory for a link', [directory('/etc/alternatives')], 'use /usr/lib/alternatives'],
  ['below a relative link', [file('/var/mail/x')], 'use /var/spool/mail/x'],
  ['below a file', [file('/usr/bin/sudo/x')], '/usr/bin/sudo is a file in the image'],
  [
    'a file for a directory',
    [file('/etc/sudoers.d')],
    '/etc/sudoers.d is a directory in the image',
  ],
  ['a directory for a file', [directory('/usr/bin/sudo')], '/usr/bin/sudo is a file in the image'],
] as const)('refuses %s', async (_, files, why) => {
  const error: unknown = await place([], files).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'files-refused' });
  expect(JSON.stringify([String(error), Reflect.get(error as object, 'hint')])).toContain(why);
  await expect(place(files)).rejects.toMatchObject({ code: 'files-refused' });
});

it('knows what other areas of the config add', async () => {
  const others: TreeEntry[] = [
    { kind: 'directory', path: '/etc/app', mode: 0o700 },
    { kind: 'file', path: '/etc/area', content: '' },
  ];
  expect(await place([file('/etc/app/x')], [], others)).toContainEqual({
    ...{ kind: 'directory', path: '/etc/app', mode: 0o700, uid: 0, gid: 0 },
  });
  await expect(place([directory('/etc/area')], [], others)).rejects.toThrow('/etc/area is a file');
});

it('turns owners into ids', async () => {
  const owned = async (owner: string) => {
    const [, { uid, gid } = {}] = await place([file('/etc/x', { owner })]);
    return [uid, gid];
  };
  expect(await owned('app')).toEqual([310, 311]);
  expect(await owned('app:adm')).toEqual([310, 4]);
  expect(await owned('ops')).toEqual([1000, 1000]);
  expect(await owned('310')).toEqual([310, 311]);
  expect(await owned('5000')).toEqual([5000, 5000]);
  expect(await owned('0:4')).toEqual([0, 4]);
  await expect(owned('appp')).rejects.toThrow(
    'overlay/etc/x: cannot belong to appp, because the image has no user appp: did you mean app?',
  );
  await expect(owned('app:nogrp')).rejects.toThrow('the image has no group nogrp');
});

it('puts the files of a new device into the slot, where only root reads them', async () => {
  const initial = [
    directory('/var/lib/app'),
    file('/var/lib/app/db', { owner: 'app' }),
    directory('/home/ops'),
    file('/home/ops/notes'),
    file('/home/nobody/x'),
  ];
  const entries = await place([], initial);
  const at = (path: string) => entries.find((entry) => entry.path === INITIAL_DIRECTORY + path);
  expect(at('')).toMatchObject({ kind: 'directory', mode: 0o700 });
  expect(at('/var/lib/app')).toMatchObject({ mode: 0o700, uid: 310, gid: 311 });
  expect(at('/var/lib/app/db')).toMatchObject({ uid: 310, gid: 311 });
  expect(at('/home/ops')).toMatchObject({ uid: 1000, gid: 1000 });
  expect(at('/home/ops/notes')).toMatchObject({ uid: 1000, gid: 1000 });
  expect(at('/home/nobody/x')).toMatchObject({ uid: 0, gid: 0 });
});
