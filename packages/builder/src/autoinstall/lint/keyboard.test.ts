import { expect, test } from 'vitest';
import { keyboardRemarks } from './keyboard.ts';

const said = (keyboard: object) =>
  keyboardRemarks({ ...keyboard }, ['keyboard']).map(({ path, problem, fix }) =>
    [path.at(-1), problem, fix].join(' | '),
  );

// The first ones are newer than the list in Subiquity's repository: the snap's build makes its own.
test.each([
  { layout: 'us', variant: 'colemak_dh' },
  { layout: 'de', variant: 'us' },
  { layout: 'de', variant: 'nodeadkeys' },
  { layout: 'us' },
  { layout: 'custom', variant: '' },
  { layout: 'us,ru', variant: ',phonetic_YAZHERTY' },
  { layout: 'nec_vndr/jp' },
])('accepts %j', (keyboard) => {
  expect(said(keyboard)).toEqual([]);
});

test.each([
  [
    { layout: 'de', variant: 'nodeadkey' },
    'variant | "nodeadkey" is not a variant of the layout de that the installer knows | did you mean nodeadkeys?',
  ],
  [
    { layout: 'ru', variant: 'nodeadkeys' },
    'variant | "nodeadkeys" is not a variant of the layout ru that the installer knows | write one of ',
  ],
  [
    { layout: 'za', variant: 'x' },
    'variant | "x" is not a variant of the layout za that the installer knows | remove it: za has no variants',
  ],
  [
    { layout: 'us,de', variant: 'intl,intl' },
    'variant | "intl" is not a variant of the layout de that the installer knows',
  ],
  [{ layout: 'uss' }, 'layout | "uss" is not a keyboard layout that the installer knows | did you'],
  [{ layout: 'constructor' }, 'layout | "constructor" is not a keyboard layout'],
  [{ layout: 'us,de' }, 'layout | there are 2 layouts, but 1 variants'],
])('refuses %j', (keyboard, text) => {
  expect(said(keyboard)).toEqual([expect.stringContaining(text)]);
});
