import { expect, test } from 'vitest';
import { Problem } from '../values/problem.ts';
import { parseStorageSize } from './storage-size.ts';

// The results were obtained by running curtin's and Subiquity's own code.
test.each([
  ['512M', 2 ** 29],
  ['512MB', 2 ** 29],
  ['4 GB', 2 ** 32],
  [' 4G', 2 ** 32],
  ['1.5G', 1.5 * 2 ** 30],
  ['.5G', 2 ** 29],
  ['1T', 2 ** 40],
  ['512K', 2 ** 19],
  ['2048B', 2048],
  ['1024', 1024],
  ['1e3', 1000],
  ['1_000K', 1_024_000],
  [5368709120, 5368709120],
])('%j is %i bytes', (size, bytes) => {
  expect(parseStorageSize(size)).toEqual({ kind: 'bytes', bytes });
});

test('distinguishes a percentage from the rest', () => {
  expect(parseStorageSize('50%')).toEqual({ kind: 'share', percent: 50 });
  expect(parseStorageSize('50 %')).toEqual({ kind: 'share', percent: 50 });
  expect(parseStorageSize(-1)).toEqual({ kind: 'rest' });
});

test.each([
  ['512MiB', 'write 512M: it counts in powers of 1024'],
  ['20g', 'write 20G: it counts in powers of 1024'],
  ['1.5gib', 'write 1.5G: it counts in powers of 1024'],
  ['-1', 'write -1 without quotes'],
  ['5.5%', 'write a whole number: 50%'],
  ['1P', 'write bytes, 512M, 4G or 50%; units count in powers of 1024'],
  ['1.0000001G', 'write bytes, 512M, 4G or 50%; units count in powers of 1024'],
  ['4G ', 'write 4G: it counts in powers of 1024'],
  ['', 'write bytes, 512M, 4G or 50%; units count in powers of 1024'],
  [0, 'write bytes, 512M, 4G or 50%; units count in powers of 1024'],
  [1.5, 'write bytes, 512M, 4G or 50%; units count in powers of 1024'],
  [true, 'write bytes, 512M, 4G or 50%; units count in powers of 1024'],
])('%j cannot be read: %s', (size, fix) => {
  const result = parseStorageSize(size);
  expect(result).toBeInstanceOf(Problem);
  expect(result).toMatchObject({ fix });
});
