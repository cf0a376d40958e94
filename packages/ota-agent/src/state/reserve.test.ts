import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  keepReserve,
  RESERVE_BYTES,
  RESERVE_FILES,
  reservedBytes,
  writeFromReserve,
} from './reserve.ts';
import { temporaryDirectory } from './temporary-directory.testdata.ts';

it('consists of written blocks, readable only by root, and is refilled', () => {
  const state = join(temporaryDirectory(), 'state');
  keepReserve(state);
  expect(reservedBytes(state)).toBe(RESERVE_BYTES);
  const files = readdirSync(join(state, 'reserve')).map((name) => join(state, 'reserve', name));
  expect(files).toHaveLength(RESERVE_FILES);
  for (const path of files) {
    const { mode, blocks, size } = statSync(path);
    expect(mode & 0o777).toBe(0o600);
    expect(blocks * 512).toBeGreaterThanOrEqual(size);
  }
  writeFileSync(files[0] ?? '', 'cut short');
  keepReserve(state);
  expect(reservedBytes(state)).toBe(RESERVE_BYTES);
});

it('gives its blocks to a file of the parent directory, and truncates it to its length', () => {
  const state = temporaryDirectory();
  keepReserve(state);
  mkdirSync(join(state, 'slots'));
  const path = join(state, 'slots/A.head');
  expect(writeFromReserve(path, Buffer.from('head'))).toBe(state);
  expect(readFileSync(path, 'utf8')).toBe('head');
  expect(readdirSync(join(state, 'reserve'))).toHaveLength(RESERVE_FILES - 1);
});

it('gives nothing for a file that is too large, or when it is missing', () => {
  const state = temporaryDirectory();
  expect(writeFromReserve(join(state, 'x'), new Uint8Array(1))).toBeUndefined();
  keepReserve(state);
  expect(writeFromReserve(join(state, 'x'), new Uint8Array(RESERVE_BYTES))).toBeUndefined();
  expect(readdirSync(state)).toEqual(['reserve']);
});

it('is skipped when it cannot be created', () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  expect(() => keepReserve(file)).not.toThrow();
  expect(reservedBytes(file)).toBe(0);
});
