import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import { DATA_ROOT_PERCENT } from '@micro-linux/provision';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../state/temporary-directory.testdata.ts';
import { testDevice } from '../../testing.ts';
import { formatData } from './data-partition.ts';

const MKE2FS = '/usr/sbin/mke2fs';
const BLOCKS = 4096;

it.skipIf(!existsSync(MKE2FS))(
  'reserves space for root and stops at damage, as a built disk does',
  async () => {
    const path = join(temporaryDirectory(), 'data');
    writeFileSync(path, '');
    truncateSync(path, 16 * MIB);
    await formatData({ ...testDevice().system, run }, path);
    const { stdout } = await run('/usr/sbin/dumpe2fs', ['-h', path]);
    expect(stdout).toMatch(/^Errors behavior: +Remount read-only$/m);
    const reserved = Number(/^Reserved block count: +(\d+)$/m.exec(stdout)?.[1]);
    expect(reserved).toBe(Math.floor((BLOCKS * DATA_ROOT_PERCENT) / 100));
  },
);
