import { expect, test } from 'vitest';
import { loadYaml } from './load-yaml.ts';
import { EndlessValue, plainValue } from './plain-value.ts';
import { YamlError } from './yaml-error.ts';

const read = (text: string) => plainValue(loadYaml(text).value);

// The values that PyYAML 6 returns; load-yaml.test.ts compares many more with the real one.
test.each([
  // A MAC address of digits is a number in base 60.
  ['52:54:00:12:34:56', 41_135_085_296],
  ['52:54:00:ab:cd:ef', '52:54:00:ab:cd:ef'],
  ['1:2', 62],
  ['1:60', '1:60'],
  ['12:30:45', 45_045],
  ['1_000', 1000],
  ['010', 8],
  ['0815', '0815'],
  ['0o17', '0o17'],
  ['0x1F', 31],
  ['0b11', 3],
  ['1e3', '1e3'],
  ['1.5e3', '1.5e3'],
  ['1.5e+3', 1500],
  ['e0', 'e0'],
  ['.5', 0.5],
  ['-.5', '-.5'],
  ['.inf', Number.POSITIVE_INFINITY],
  ['.nan', Number.NaN],
  ['yes', true],
  ['Off', false],
  ['y', 'y'],
  ['n', 'n'],
  ['~', null],
  ['', null],
  ['2024-01-31', new Date('2024-01-31')],
  ['2024-01-31T12:00:00Z', new Date('2024-01-31T12:00:00Z')],
  ['::/0', '::/0'],
  ['-a', '-a'],
  ["'no'", 'no'],
  ['!!str 12', '12'],
])('%s is %j', (text, expected) => {
  expect(read(`a: ${text}\n`)).toEqual({ a: expected });
});

test.each([
  ['a: b\t# comment', 1, 5],
  ['a: b\t', 1, 5],
  ['a:\n\tb: 1', 2, 1],
  ['routes: [{to: ::/0}]', 1, 15],
  ['[::1]', 1, 2],
  ['a: @b', 1, 4],
  ['a: `b`', 1, 4],
  ['a: %b', 1, 4],
  ['a: =', 1, 4],
  ['a: <<', 1, 4],
  ['a: b: c', 1, 5],
  ['a: 1\n---\nb: 1', 2, 1],
  ['a: *b', 1, 4],
  ['&a a: 1\n&a b: 1', 2, 1],
  ['a: !secret b', 1, 4],
  ['a: !!python/object:os.system x', 1, 4],
  ['a: 2024-02-30', 1, 4],
  ['a: !!int x', 1, 4],
  ['? [a]\n: b', 1, 3],
  ['a: "\\q"', 1, 6],
  ['a: "b', 1, 6],
  ['a: \x07', 1, 4],
  ['a: [1', 1, 6],
  ['...\na: 1', 1, 1],
  ['%YAML 2.0\n---\na: 1', 1, 1],
])('%j is refused at %i:%i', (text, line, column) => {
  try {
    loadYaml(text);
  } catch (error) {
    if (error instanceof YamlError) {
      expect([error.line, error.column]).toEqual([line, column]);
      return;
    }
    throw error;
  }
  throw new Error('it is read');
});

test.each([
  ['\ufeffa: 1', { a: 1 }],
  ['--- {a: 1}\n...\n', { a: 1 }],
  ['{"a":1}', { a: 1 }],
  ['{a:1}', { 'a:1': null }],
  ['a: 1\na: 2', { a: 2 }],
  ['1: a\ntrue: b', { 1: 'b' }],
  ['a: &a {b: 1}\nc: {<<: *a, d: 2}', { a: { b: 1 }, c: { b: 1, d: 2 } }],
  ['a: {<<: [{b: 1, c: 1}, {b: 2}]}', { a: { b: 1, c: 1 } }],
  ['a: >-\n  b\n  c\n\n  d', { a: 'b c\nd' }],
  ['- a\n- b\x85- c', ['a', 'b', 'c']],
])('%j is %j', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test('a value that contains itself can be loaded, but is not a plain value', () => {
  const { value } = loadYaml('a: &a [*a]');
  expect(() => plainValue(value)).toThrow(EndlessValue);
});

test('aliases that multiply are detected immediately', () => {
  const levels = Array.from(
    { length: 60 },
    (_, at) => `a${at}: &a${at} [${at ? `*a${at - 1}, *a${at - 1}` : 'x'}]`,
  );
  const { value } = loadYaml(levels.join('\n'));
  expect(() => plainValue(value)).toThrow(EndlessValue);
});

test('nesting ends at a maximum depth, not at a stack overflow', () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{a: ', '}'],
    ['- ', ''],
    ['? ', ''],
  ] as const) {
    expect(() => loadYaml(open.repeat(50_000) + close.repeat(50_000))).toThrow(YamlError);
  }
});

test('refuses mappings that << multiplies, without building them', () => {
  const levels = Array.from({ length: 40 }, (_, at) => {
    const keys = at === 0 ? 'x: 1' : `<<: [*a${at - 1}, *a${at - 1}]`;
    return `a${at}: &a${at} {${keys}}`;
  });
  expect(() => loadYaml(levels.join('\n'))).toThrow(YamlError);
});
