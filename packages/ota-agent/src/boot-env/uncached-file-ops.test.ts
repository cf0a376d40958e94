import { closeSync, constants, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBlockFile, emptyBlock, getVariables, readBlockFile, setVariables } from 'grubenv';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { uncachedFileOps } from './uncached-file-ops.ts';

/** Whether an open file is read past the page cache: fdinfo shows O_DIRECT. */
function isDirect(fd: number): boolean {
  const info = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
  const [, flags = ''] = /^flags:\s*(\d+)$/m.exec(info) ?? [];
  return (Number.parseInt(flags, 8) & constants.O_DIRECT) !== 0;
}

/** Whether the temporary directory is on a file system that can do it. */
function directIoWorks(): boolean {
  const path = join(tmpdir(), `direct-${process.pid}`);
  writeFileSync(path, '');
  try {
    closeSync(openSync(path, constants.O_DIRECT));
    return true;
  } catch {
    return false;
  } finally {
    unlinkSync(path);
  }
}

it('reads a block', () => {
  const path = join(temporaryDirectory(), 'grubenv');
  createBlockFile(path, setVariables(emptyBlock(), { saved_entry: 'B' }));
  const block = readBlockFile(path, uncachedFileOps);
  expect(Object.fromEntries(getVariables(block))).toEqual({ saved_entry: 'B' });
});

it.skipIf(!directIoWorks())('does not read from the page cache', () => {
  const path = join(temporaryDirectory(), 'file');
  writeFileSync(path, 'x');
  const fd = uncachedFileOps.open(path, constants.O_RDONLY);
  try {
    expect(isDirect(fd)).toBe(true);
  } finally {
    uncachedFileOps.close(fd);
  }
});
