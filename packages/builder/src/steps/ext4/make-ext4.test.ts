import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MIB, run } from '@micro-linux/core';
import { DATA_FEATURES, DATA_ON_ERROR, DATA_ROOT_PERCENT } from '@micro-linux/provision';
import { expect, onTestFinished, test } from 'vitest';
import { fileDigest } from '../../plan/digest.ts';
import { runAsNamespaceRoot } from '../../system/userns/user-namespace.ts';
import { writeTar } from '../tar/write-tar.ts';
import { type Ext4Options, type InTree, makeExt4, SLOT_FEATURES } from './make-ext4.ts';

const MKE2FS = '/usr/sbin/mke2fs';
const BLOCKS = 4096;

/** Makes root.ext4 of root.tar in a folder: a slot, but for some options. */
async function makeRoot(
  outputDirectory: string,
  options: Partial<Ext4Options> = {},
  inTree?: InTree,
): Promise<void> {
  const at = (name: string) => join(outputDirectory, name);
  await makeExt4(
    {
      output: at('root.ext4'),
      uuid: '11111111-2222-4333-8444-555555555555',
      label: 'root',
      sizeBytes: undefined,
      features: SLOT_FEATURES,
      tars: [at('root.tar')],
      prune: [],
      listing: at('files.tsv'),
      sourceDateEpoch: 0,
      root: resolve(import.meta.dirname, '../../../../..'),
      ...options,
    },
    { run, outputDirectory } as Parameters<typeof makeExt4>[1],
    inTree,
  );
}

test.skipIf(!existsSync(MKE2FS))(
  'the data partition reserves space for root, and stops on corruption',
  async () => {
    const outputDirectory = await mkdtemp(join(tmpdir(), 'make-ext4-'));
    onTestFinished(() => rm(outputDirectory, { recursive: true }));
    const tar = join(outputDirectory, 'root.tar');
    await writeTar(tar, [{ kind: 'file', path: '/file', content: 'x' }], 0);
    await makeRoot(outputDirectory, {
      sizeBytes: 16 * MIB,
      features: DATA_FEATURES,
      rootPercent: DATA_ROOT_PERCENT,
      onError: DATA_ON_ERROR,
    });
    const { stdout } = await run('/usr/sbin/dumpe2fs', ['-h', join(outputDirectory, 'root.ext4')]);
    expect(stdout).toMatch(/^Errors behavior: +Remount read-only$/m);
    const reserved = Number(/^Reserved block count: +(\d+)$/m.exec(stdout)?.[1]);
    expect(reserved).toBe(Math.floor((BLOCKS * DATA_ROOT_PERCENT) / 100));
  },
);

test.skipIf(!existsSync(MKE2FS))('counts a file with several hard links once', async () => {
  const outputDirectory = await mkdtemp(join(tmpdir(), 'make-ext4-'));
  onTestFinished(() => rm(outputDirectory, { recursive: true }));
  const at = (name: string) => join(outputDirectory, name);
  await mkdir(at('tree'));
  await writeFile(at('tree/a'), randomBytes(4 * MIB));
  for (const name of ['b', 'c c', 'd', 'e']) {
    await link(at('tree/a'), at(`tree/${name}`));
  }
  await run('tar', ['--create', '--file', at('root.tar'), '--directory', at('tree'), '.']);
  await makeRoot(outputDirectory);
  expect((await stat(at('root.ext4'))).size).toBeLessThan(10 * MIB);
  expect(await readFile(at('files.tsv'), 'utf8')).toBe(`${4 * MIB}\ta\n0\tb\n0\tc c\n0\td\n0\te\n`);
  const { stdout } = await run('/usr/sbin/debugfs', ['-R', 'stat "/c c"', at('root.ext4')]);
  expect(stdout).toContain('Links: 5');
});

test.skipIf(!existsSync(MKE2FS))(
  'changes to the unpacked tree are in the image, and a failure leaves no tree',
  async () => {
    const outputDirectory = await mkdtemp(join(tmpdir(), 'make-ext4-'));
    onTestFinished(() => rm(outputDirectory, { recursive: true }));
    const at = (name: string) => join(outputDirectory, name);
    await writeTar(at('root.tar'), [{ kind: 'file', path: '/file', content: 'x' }], 0);
    const make = (inTree: InTree) => makeRoot(outputDirectory, {}, inTree);
    await expect(make(() => Promise.reject(new Error('no such unit')))).rejects.toThrow(
      'no such unit',
    );
    expect(existsSync(at('root.ext4.tree'))).toBe(false);
    expect(existsSync(at('root.ext4'))).toBe(false);
    await make(async (tree) => {
      await runAsNamespaceRoot(run, 'mv', [join(tree, 'file'), join(tree, 'moved')], {});
    });
    expect(existsSync(at('root.ext4.tree'))).toBe(false);
    expect(await readFile(at('files.tsv'), 'utf8')).toBe('1\tmoved\n');
  },
);

test.skipIf(!existsSync(MKE2FS))('the same tree makes the same bytes at another time', async () => {
  const outputDirectory = await mkdtemp(join(tmpdir(), 'make-ext4-'));
  onTestFinished(() => rm(outputDirectory, { recursive: true }));
  const at = (name: string) => join(outputDirectory, name);
  const folders = Array.from({ length: 20 }, (_, index) => `/folder ${index}`);
  await writeTar(
    at('root.tar'),
    folders.flatMap((path) => [
      { kind: 'directory', path },
      { kind: 'file', path: `${path}/file`, content: path },
    ]),
    0,
  );
  // Three block groups, over which folders are spread.
  const make = async () => {
    await makeRoot(outputDirectory, { sizeBytes: 300 * MIB });
    return fileDigest(at('root.ext4'));
  };
  const first = await make();
  // File systems count whole seconds.
  await setTimeout(1100);
  expect(await make()).toBe(first);
  await run('/usr/sbin/e2fsck', ['-f', '-n', at('root.ext4')]);
  const { stdout } = await run('/usr/sbin/debugfs', [
    '-R',
    'stat "/folder 19/file"',
    at('root.ext4'),
  ]);
  expect(stdout.match(/[acm]time: 0x00000000:/g)).toHaveLength(3);
});
