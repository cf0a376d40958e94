import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printableJson, printableLine, printableResult, printableText } from './printable.ts';

/** Code points that a terminal or a pager may interpret; tab and line end are not among them. */
const RAW_RANGES = [
  ...[
    [0x00, 0x08],
    [0x0b, 0x1f],
    [0x7f, 0x9f],
    [0x061c, 0x061c],
    [0x200b, 0x200f],
  ],
  ...[
    [0x2028, 0x202e],
    [0x2060, 0x2069],
    [0xd800, 0xdfff],
    [0xfeff, 0xfeff],
    [0xe0001, 0xe007f],
  ],
] as const;

const rawIn = (text: string) =>
  [...text].some((character) =>
    RAW_RANGES.some(([first = 0, last = 0]) => {
      const code = character.codePointAt(0) ?? 0;
      return code >= first && code <= last;
    }),
  );

describe('printableLine', () => {
  it.each([
    ['\u001b[2J\u001b[1;1Hverified', '\\x1b[2J\\x1b[1;1Hverified'],
    ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['one\ntwo\r\tthree', 'one\\ntwo\\r\\tthree'],
    ['\u007f\u009b31m', '\\x7f\\x9b31m'],
    ['user\u202etxt.exe\u2066\u2069', 'user\\u202etxt.exe\\u2066\\u2069'],
    ['line\u2028separator\u2029', 'line\\u2028separator\\u2029'],
    ['half \ud800 and \udc00', 'half \\ud800 and \\udc00'],
    ['\u{e0041}', '\\u{e0041}'],
    ['déjà vu – „so“ 日本 🚀 ✓', 'déjà vu – „so“ 日本 🚀 ✓'],
  ])('%j is shown as %s', (text, shown) => {
    expect(printableLine(text)).toBe(shown);
  });

  it('is cut, and says how much is missing; a surrogate pair is not split', () => {
    expect(printableLine('x'.repeat(12), 10)).toBe('xxxxxxxxxx… (2 more characters)');
    expect(printableLine('xxx🚀🚀', 4)).toBe('xxx… (4 more characters)');
  });
});

it('text of several lines keeps its lines, and no other control character', () => {
  expect(printableText('a\r\nb\tc\n\u001b[1m')).toBe('a\nb\tc\n\\x1b[1m');
});

it('a result may be long, its lines may not be', () => {
  const lines = Array.from({ length: 5000 }, () => 'a line of a table');
  expect(printableResult(lines.join('\n'))).toBe(lines.join('\n'));
  expect(printableResult('x'.repeat(100_000)).length).toBeLessThan(70_000);
});

it('JSON keeps its meaning, and contains no terminal sequences', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
      (value) => {
        const text = printableJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(rawIn(text)).toBe(false);
      },
    ),
  );
  expect(printableJson({ '\u{e0002}': 1 })).toBe('{"\\udb40\\udc02":1}');
  expect(printableJson({ a: '\u001b\u009b\u202e\ud800\u{e0041}' })).toBe(
    '{"a":"\\u001b\\u009b\\u202e\\ud800\\udb40\\udc41"}',
  );
});

it('no text leaves a raw control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const shown of [printableLine(text), printableText(text), printableResult(text)]) {
        expect(rawIn(shown)).toBe(false);
        expect(shown.isWellFormed()).toBe(true);
      }
      expect(printableLine(text)).not.toContain('\n');
    }),
  );
});
