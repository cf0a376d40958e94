import { expect, it } from 'vitest';
import { makeBlock } from '../test/make-block.ts';
import { thrownBy } from '../test/thrown-by.ts';
import { assertInFirstSector, fitsFirstSector, variablesPastFirstSector } from './first-sector.ts';
import { HEADER, SECTOR_BYTES } from './format.ts';
import { parseBlock } from './parse.ts';

const blockOf = (text: string) => parseBlock(makeBlock(text));
const valueTo = (end: number) => 'x'.repeat(end - HEADER.length - 'a=\n'.length);

it('accepts text whose last newline is byte 512 of the block', () => {
  const block = blockOf(`a=${valueTo(SECTOR_BYTES)}\n`);
  expect(fitsFirstSector(block)).toBe(true);
  expect(variablesPastFirstSector(block)).toEqual([]);
  expect(() => assertInFirstSector(block)).not.toThrow();
});

it('refuses one byte more, and names the variables past the limit', () => {
  const block = blockOf(`a=${valueTo(SECTOR_BYTES + 1)}\nb=2\n`);
  expect(fitsFirstSector(block)).toBe(false);
  expect(variablesPastFirstSector(block)).toEqual(['a', 'b']);
  const error = thrownBy(() => assertInFirstSector(block));
  expect(error.code).toBe('past-first-sector');
  expect(error.message).toContain('"a", "b"');
});

it('refuses a comment past the limit, even if all variables are within it', () => {
  const block = blockOf(`a=1\n#${'x'.repeat(SECTOR_BYTES)}\n`);
  expect(variablesPastFirstSector(block)).toEqual([]);
  expect(thrownBy(() => assertInFirstSector(block)).message).toContain('a comment');
});
