import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backwardRange, fits } from './glob.ts';

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
  ['[z-a]', 'm', false],
  ['[!z-a]', 'm', true],
  ['[]a]x', ']x', true],
  ['[a-]', '-', true],
  ['[[]', '[', true],
  ['[^a]', '^', true],
])('%s and %s: %s', (pattern, text, expected) => {
  expect(fits(pattern, text)).toBe(expected);
});

test.each([
  ['disk[z-a]*', 'z-a'],
  ['disk[!9-0]', '9-0'],
  ['disk[a-z]', undefined],
  ['disk[a-', undefined],
  ['z-a', undefined],
])('the backward range of %s is %s', (pattern, expected) => {
  expect(backwardRange(pattern)).toBe(expected);
});

test('a pattern with many stars is fast', () => {
  expect(fits(`${'*a'.repeat(60)}b`, 'a'.repeat(200))).toBe(false);
});

/** Python's own function, which Subiquity calls. */
const FNMATCH = `
import fnmatch, json, sys
print(json.dumps([fnmatch.fnmatchcase(text, pattern) for pattern, text in json.load(sys.stdin)]))
`;

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The oracle is python3; skipped without it. */
test.skipIf(!hasPython())('agrees with fnmatch of Python', () => {
  const runs = Number(process.env['GLOB_SAMPLES'] ?? 500);
  const characters = fc.constantFrom(...'ab-]['.split(''), ...'!^\\*?z&~'.split(''));
  const pair = fc.tuple(
    fc.string({ unit: characters, maxLength: 8 }),
    fc.string({ unit: characters, maxLength: 5 }),
  );
  const samples = fc.sample(pair, runs);
  const said = execFileSync('python3', ['-W', 'ignore', '-c', FNMATCH], {
    input: JSON.stringify(samples),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const expected = JSON.parse(said) as boolean[];
  expect(samples.filter(([pattern, text], at) => fits(pattern, text) !== expected[at])).toEqual([]);
});
