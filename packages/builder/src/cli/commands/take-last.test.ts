import { expect, test } from 'vitest';
import { takeLast } from './take-last.ts';

const isImage = async (value: string) => value.endsWith('.img');

test.each([
  ['the argument stands after the option', undefined, ['a.pem', 'u.img'], 'u.img', ['a.pem']],
  ['it stands before', 'u.img', ['a.pem', 'b.img'], 'u.img', ['a.pem', 'b.img']],
  ['there is none', undefined, ['a.pem', 'b.pem'], undefined, ['a.pem', 'b.pem']],
  ['an option keeps its one value', undefined, ['u.img'], undefined, ['u.img']],
  ['no option', undefined, undefined, undefined, undefined],
])('%s', async (_what, given, values, argument, rest) => {
  expect(await takeLast(given, values, isImage)).toEqual({ argument, values: rest });
});
