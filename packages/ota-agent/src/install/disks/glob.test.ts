import { expect, test } from 'vitest';
import { fits } from './glob.ts';

test.each([
  ['SAMSUNG*', 'SAMSUNG_SSD/970', true],
  ['*970', 'SAMSUNG_SSD/970', true],
  ['disk?', 'disk1', true],
  ['disk?', 'disk', false],
  ['disk[12]', 'disk2', true],
  ['disk[!12]', 'disk2', false],
  ['disk[!12]', 'disk3', true],
  ['a.c', 'abc', false],
  ['a+(b)|{2}$^', 'a+(b)|{2}$^', true],
  ['samsung', 'SAMSUNG', false],
  ['disk', 'disk1', false],
  ['[', '[', true],
])('%s and %s: %s', (pattern, text, expected) => {
  expect(fits(pattern, text)).toBe(expected);
});
