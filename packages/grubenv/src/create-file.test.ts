import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeBlock } from '../test/make-block.ts';
import { scratchDirectory } from '../test/scratch.ts';
import { thrownBy } from '../test/thrown-by.ts';
import { failWith, watchedOps } from '../test/watched-ops.ts';
import { createBlockFile } from './create-file.ts';
import { HEADER, WARNING } from './format.ts';

it('makes a blank block with both header lines', () => {
  const path = join(scratchDirectory(), 'grubenv');
  createBlockFile(path);
  expect(readFileSync(path)).toEqual(makeBlock('', HEADER + WARNING));
});

it('writes once and syncs the file, then its directory', () => {
  const directory = scratchDirectory();
  const path = join(directory, 'grubenv');
  const { ops, calls } = watchedOps();
  createBlockFile(path, undefined, ops);
  expect(calls.map((call) => call.slice(0, 2))).toEqual([
    ['open', directory],
    ['open', path],
    ['write', 1024],
    ['fsync'],
    ['close'],
    ['fsync'],
    ['close'],
  ]);
});

it('never replaces a file and never follows a dangling link', () => {
  const directory = scratchDirectory();
  const path = join(directory, 'grubenv');
  writeFileSync(path, 'precious');
  expect(thrownBy(() => createBlockFile(path)).code).toBe('already-exists');
  expect(readFileSync(path, 'utf8')).toBe('precious');
  symlinkSync(join(directory, 'target'), join(directory, 'link'));
  expect(thrownBy(() => createBlockFile(join(directory, 'link'))).code).toBe('already-exists');
  expect(existsSync(join(directory, 'target'))).toBe(false);
});

it('names the directory if the directory is missing', () => {
  const directory = join(scratchDirectory(), 'none');
  const error = thrownBy(() => createBlockFile(join(directory, 'grubenv')));
  expect([error.code, error.message]).toEqual(['not-found', `${directory} does not exist`]);
});

it.each(['write', 'fsync'] as const)('leaves nothing behind if %s fails', (call) => {
  const path = join(scratchDirectory(), 'grubenv');
  const { ops } = watchedOps({ [call]: failWith('ENOSPC') });
  const error = thrownBy(() => createBlockFile(path, undefined, ops));
  expect([error.code, existsSync(path)]).toEqual(['io', false]);
});
