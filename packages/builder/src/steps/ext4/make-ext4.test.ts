import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import { DATA_FEATURES, DATA_ON_ERROR, DATA_ROOT_PERCENT } from '@micro-linux/provision';
import { expect, onTestFinished, test } from 'vitest';
import { runAsNamespaceRoot } from '../../system/userns/user-namespace.ts';
import { writeTar } from '../tar/write-tar.ts';
import { type InTree, makeExt4, SLOT_FEATURES } from './make-ext4.ts';

const MKE2FS = '/usr/sbin/mke2fs';
const BLOCKS = 4096;

test.skipIf(!existsSync(MKE2FS))(
  'the data partition reserves space for root, and stops on corruption',
  async () => {
    const outputDirectory = await mkdtemp(join(tmpdir(), 'make-ext4-'));
    onTestFinished(() => rm(outputDirectory, { recursive: true }));
    const [tar, output] = [join(outputDirectory, 'data.tar'), join(outputDirectory, 'data.ext4')];
    await writeTar(tar, [{ kind: 'file', path: '/file', content: 'x' }], 0);
    await writeFile(output, '');
    await makeExt4(
      {
        output,
        uuid: '11111111-2222-4333-8444-555555555555',
        label: 'data',
        sizeBytes: 16 * MIB,
        features: DATA_FEATURES,
        rootPercent: DATA_ROOT_PERCENT,
        onError: DATA_ON_ERROR,
        tars: [tar],
        prune: [],
        listing: join(outputDirectory, 'files.tsv'),
        sourceDateEpoch: 0,
        root: resolve(import.meta.dirname, '../../../../..'),
      },
      { run, outputDirectory } as Parameters<typeof makeExt4>[1],
    );
    const { stdout } = await run('/usr/sbin/dumpe2fs', ['-h', output]);
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
  await writeFile(at('root.ext4'), '');
  await makeExt4(
    {
      output: at('root.ext4'),
      uuid: '11111111-2222-4333-8444-555555555555',
      label: 'root',
      sizeBytes: undefined,
      features: SLOT_FEATURES,
      rootPercent: 0,
      onError: DATA_ON_ERROR,
      tars: [at('root.tar')],
      prune: [],
      listing: at('files.tsv'),
      sourceDateEpoch: 0,
      root: resolve(import.meta.dirname, '../../../../..'),
    },
    { run, outputDirectory } as Parameters<typeof makeExt4>[1],
  );
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
    const make = async (inTree: InTree) =>
      makeExt4(
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
        },
        { run, outputDirectory } as Parameters<typeof makeExt4>[1],
        inTree,
      );
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
