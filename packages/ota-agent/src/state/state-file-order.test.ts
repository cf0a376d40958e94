import { mkdirSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { removeStateFile, stageStateFile, writeStateFile } from './state-file.ts';
import { temporaryDirectory } from './temporary-directory.testdata.ts';

/** System calls in order. No file system shows afterwards what was synced. */
const asked: string[] = [];
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return {
    ...real,
    fsyncSync(file: number) {
      asked.push(`sync ${basename(readlinkSync(`/proc/self/fd/${file}`))}`);
      real.fsyncSync(file);
    },
    writeSync(...args: Parameters<typeof real.writeSync>) {
      asked.push('write');
      return real.writeSync(...args);
    },
    renameSync(from: string, to: string) {
      asked.push(`rename ${basename(from)} ${basename(to)}`);
      real.renameSync(from, to);
    },
    rmSync(path: string, options?: object) {
      asked.push(`remove ${basename(path)}`);
      real.rmSync(path, options);
    },
  };
});

let directory: string;
beforeEach(() => {
  directory = join(temporaryDirectory(), 'state');
  mkdirSync(directory);
  asked.length = 0;
});

const STAGED = ['remove x.new', 'write', 'sync x.new'];
const IN_PLACE = ['rename x.new x', 'sync state'];

it('syncs a state file before its rename, and the rename before it returns', () => {
  writeStateFile(join(directory, 'x'), 'text');
  expect(asked).toEqual([...STAGED, ...IN_PLACE]);
});

it('syncs a staged file, and renames it later', () => {
  const put = stageStateFile(join(directory, 'x'), 'text');
  expect(asked.splice(0)).toEqual(STAGED);
  put();
  expect(asked).toEqual(IN_PLACE);
});

it('syncs a removal', () => {
  removeStateFile(join(directory, 'x'));
  expect(asked).toEqual(['remove x', 'sync state']);
});
