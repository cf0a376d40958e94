import { execFileSync } from 'node:child_process';
import { checkCommand } from '@micro-linux/provision';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { seedYaml } from './seed-yaml.ts';

/** Texts that a YAML reader, above all one of 1.1, likes to take for something else. */
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

/** Texts that the config lets through. */
const text = fc
  .oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))
  .filter((one) => checkCommand(`x${one}`) === undefined);

const document = fc.record({
  autoinstall: fc.record({
    text,
    list: fc.array(fc.oneof(text, fc.array(text))),
    group: fc.record({ number: fc.integer(), flag: fc.boolean(), size: fc.constantFrom(-1, 0) }),
  }),
});

test('reads the same by the rules of YAML 1.1 and 1.2, whatever the texts', () => {
  fc.assert(
    fc.property(document, (value) => {
      const yaml = seedYaml(value);
      expect(parse(yaml, { version: '1.1' })).toEqual(value);
      expect(parse(yaml, { version: '1.2' })).toEqual(value);
      // No text is broken over lines: a line is what an editor and a diff show.
      expect(yaml).not.toMatch(/\\$/m);
    }),
    { numRuns: 2000 },
  );
});

const READ_BY_PYYAML =
  'import json, sys, yaml; print(json.dumps([yaml.safe_load(one) for one in json.load(sys.stdin)]))';
const python = ['/usr/bin/python3', 'python3'].find((program) => {
  try {
    execFileSync(program, ['-c', 'import yaml'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (python === undefined) {
  console.warn('SKIPPED: seeds are not read by PyYAML itself: no python3 with yaml');
}

test.skipIf(python === undefined)('PyYAML, which reads the seed on the machine, agrees', () => {
  const values = [...fc.sample(document, 500), { all: NASTY }];
  const read = execFileSync(python ?? '', ['-c', READ_BY_PYYAML], {
    input: JSON.stringify(values.map(seedYaml)),
    maxBuffer: 2 ** 28,
  });
  expect(JSON.parse(read.toString())).toEqual(values);
});
