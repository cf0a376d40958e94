import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ControlStripper } from './control-stripper.ts';

const strip = (...chunks: string[]): string => {
  const stripper = new ControlStripper();
  return chunks.map((chunk) => stripper.push(chunk)).join('');
};

test.each([
  ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
  ['a title ended by BEL', '\u001b]0;title\u0007text', 'text'],
  ['shell integration ended by ST', '\u001b]3008;start=1;type=boot\u001b\\text', 'text'],
  ['a charset switch', '\u001b(Btext\u001b>', 'text'],
  ['a full reset', '\u001bctext', 'text'],
  ['a private mode', '\u001b[?2004htext\u001b[?25l', 'text'],
  ['a cursor move, which separates', 'one\u001b[5;1Htwo', 'one\ntwo'],
  ['carriage returns and bells', 'a\r\nb\u0007', 'a\nb'],
  ['a stray escape', 'a\u001b\u001b[0mb', 'ab'],
])('removes %s', (_what, raw, plain) => {
  expect(strip(raw)).toBe(plain);
});

test('gives the same text however the stream is split', () => {
  const raw =
    '\u001b[0;32mOK\u001b[0m\u001b]0;t\u001b\\ a\r\n\u001b[2J\u001b[1;1Hb\u001b(B\u001b7c\u001b[?7h';
  fc.assert(
    fc.property(fc.array(fc.nat(raw.length)), (cuts) => {
      const at = [0, ...cuts.sort((one, other) => one - other), raw.length];
      const chunks = at.slice(1).map((end, index) => raw.slice(at[index], end));
      expect(strip(...chunks)).toBe('OK a\n\nbc');
    }),
  );
});

test('text after an unterminated sequence is not lost', () => {
  expect(strip('\u001b]', 'x'.repeat(5_000))).toContain('xxx');
});
