import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import { DATA_FEATURES, DATA_ON_ERROR, DATA_ROOT_PERCENT } from '@micro-linux/provision';
import { expect, onTestFinished, test } from 'vitest';
import { writeTar } from '../tar/write-tar.ts';
import { makeExt4 } from './make-ext4.ts';

const MKE2FS = '/usr/sbin/mke2fs';
const BLOCKS = 4096;

test.skipIf(!existsSync(MKE2FS))(
  'the data partition keeps room for root, and stops at damage',
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
        root: resolve(import.meta.dirname, '../../../..'),
      },
      { run, outputDirectory } as Parameters<typeof makeExt4>[1],
    );
    const { stdout } = await run('/usr/sbin/dumpe2fs', ['-h', output]);
    expect(stdout).toMatch(/^Errors behavior: +Remount read-only$/m);
    const reserved = Number(/^Reserved block count: +(\d+)$/m.exec(stdout)?.[1]);
    expect(reserved).toBe(Math.floor((BLOCKS * DATA_ROOT_PERCENT) / 100));
  },
);
