import { GIB, MIB } from '@micro-linux/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatByteSize, parseByteSize } from './byte-size.ts';
import { Problem } from './problem.ts';

test.each([
  ['8G', 8 * GIB],
  ['8GiB', 8 * GIB],
  ['512M', 512 * MIB],
  ['1.5G', 1536 * MIB],
  ['2048K', 2 * MIB],
  ['1T', 1024 * GIB],
  [8 * GIB, 8 * GIB],
  [String(8 * GIB), 8 * GIB],
])('%s is %d bytes', (size, bytes) => {
  expect(parseByteSize(size)).toBe(bytes);
});

test.each([
  '',
  'G',
  '8 G',
  '-1G',
  '0',
  '8g',
  '8X',
  '1e9',
  '9999999T',
  '8589934593',
  1.5,
  -MIB,
  Number.NaN,
  Number.POSITIVE_INFINITY,
])('%s is refused', (size) => {
  expect(parseByteSize(size)).toBeInstanceOf(Problem);
});

test('for a decimal unit, suggests the binary one', () => {
  expect(parseByteSize('8GB')).toMatchObject({ fix: expect.stringContaining('write 8G:') });
});

test('for a fraction of a MiB, suggests the next whole one', () => {
  expect(parseByteSize(MIB + 1)).toMatchObject({ fix: 'write 2M' });
});

test('a formatted size parses to the same size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (mebibytes) => {
      expect(parseByteSize(formatByteSize(mebibytes * MIB))).toBe(mebibytes * MIB);
    }),
  );
});

test('returns a whole number of MiB or a problem for any text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,6}(\.\d)?[KMGT]?$/)), (text) => {
      const size = parseByteSize(text);
      expect(size instanceof Problem || (size > 0 && size % MIB === 0)).toBe(true);
    }),
  );
});
