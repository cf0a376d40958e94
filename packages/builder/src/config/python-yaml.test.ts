import { loadYaml, plainValue } from '@micro-linux/provision';
import { hasPyYaml, readByPyYaml } from '@micro-linux/provision/pyyaml-oracle';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { pythonYaml } from './python-yaml.ts';

/** How many documents PyYAML reads, always the same; others, by thousands: MICRO_LINUX_YAML_RUNS=20000. */
const ASKED = process.env['MICRO_LINUX_YAML_RUNS'];
const RUNS = Number(ASKED ?? 500);
const SAMPLE = { numRuns: RUNS, ...(ASKED === undefined ? { seed: 1 } : {}) };

/** Texts that YAML parsers, above all for 1.1, read as something else. */
const NASTY = [
  ...[
    '',
    ' ',
    'yes',
    'no',
    'on',
    'off',
    'y',
    'n',
    'true',
    'null',
    '~',
    'NaN',
    '.inf',
    '0x1F',
    '010',
  ],
  ...[
    '1_000',
    '12:30:45',
    '1e3',
    '2024-01-01',
    '-',
    '- a',
    '?',
    ': ',
    'a: b',
    'a #b',
    '#cloud-config',
  ],
  ...[
    '*a',
    '&a',
    '!a',
    '!!int 3',
    '%YAML 1.1',
    '---',
    '...',
    '@a',
    '`a`',
    '|',
    '>',
    '{}',
    '[]',
    '<<',
  ],
  ...[
    "it's",
    '"quoted"',
    '\\',
    '\\n',
    'a\nb',
    'a\n',
    '\n',
    ' a ',
    '\ta',
    'a\t',
    'äöü',
    '🦀',
    '$6$a$b/c.',
  ],
  ...['a\n\n\nb', '  a\n b', 'a\\', "'", "''", '=', 'ds=nocloud;s=/cdrom/', '\u00a0', '\u200b'],
];

const text = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.stringMatching(/^[-+0-9:._eExXoTZ]{1,10}$/),
);

const document = fc.record({
  autoinstall: fc.record({
    text,
    list: fc.array(fc.oneof(text, fc.array(text))),
    group: fc.record({ number: fc.integer(), flag: fc.boolean(), size: fc.constantFrom(-1, 0) }),
    // A key may be as long as 1024 characters, escapes counted.
    keys: fc.dictionary(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' })), text),
  }),
});

test('reads any string the same by the rules of YAML 1.1 and 1.2', () => {
  fc.assert(
    fc.property(document, (value) => {
      const yaml = pythonYaml(value);
      expect(parse(yaml, { version: '1.1' })).toEqual(value);
      expect(parse(yaml, { version: '1.2' })).toEqual(value);
      // No text is split across lines, for the sake of editors and diffs.
      expect(yaml).not.toMatch(/\\$/m);
    }),
    { numRuns: 2000 },
  );
});

test('a user named no, a host named 1e3 and keys that look like values stay strings', () => {
  const value = {
    name: 'no',
    host: '1e3',
    no: 'a',
    on: 'b',
    '1': 'c',
    '<<': 'd',
    '=': 'e',
    y: '=',
  };
  expect(plainValue(loadYaml(pythonYaml(value)).value)).toEqual(value);
  expect(pythonYaml({ no: 1, plain: 2 })).toBe('"no": 1\nplain: 2\n');
});

if (!hasPyYaml) {
  console.warn('SKIPPED: no python3 with yaml here: apt-get install python3-yaml');
}

test.skipIf(!hasPyYaml)(
  'PyYAML reads what we write',
  () => {
    const values = [...fc.sample(document, SAMPLE), { all: NASTY }];
    const texts = values.map(pythonYaml);
    expect(readByPyYaml(texts)).toEqual(values.map(encode));
  },
  600_000,
);

/** A plain value in the form of the oracle. */
function encode(value: unknown): unknown {
  if (typeof value === 'number') {
    return { int: String(value) };
  }
  if (Array.isArray(value)) {
    return value.map(encode);
  }
  return typeof value === 'object' && value !== null
    ? { dict: Object.entries(value).map(([key, one]) => [key, encode(one)]) }
    : value;
}
