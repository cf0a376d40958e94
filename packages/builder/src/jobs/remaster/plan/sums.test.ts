import { expect, test } from 'vitest';
import { rewriteSums } from './sums.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const TEXT = `${A}  ./pool/x.deb\n${A}  ./boot/grub/grub.cfg\n\\${A}  ./odd\\nname\n${A}  ./with two  blanks\n`;

test('changed lines keep their place, new lines follow by name, others are unchanged', () => {
  const sums = new Map([
    ['/z', B],
    ['/boot/grub/grub.cfg', B],
    ['/nocloud/user-data', B],
  ]);
  expect(rewriteSums(TEXT, { sums, isDropped: (path) => path.startsWith('/pool/') })).toBe(
    `${B}  ./boot/grub/grub.cfg\n\\${A}  ./odd\\nname\n${A}  ./with two  blanks\n${B}  ./nocloud/user-data\n${B}  ./z\n`,
  );
});

test('writes no line for a file with an unknown sum, even if it is new', () => {
  const sums = new Map([['/boot.catalog', B]]);
  expect(rewriteSums('', { sums, isDropped: () => true })).toBe('\n');
});
