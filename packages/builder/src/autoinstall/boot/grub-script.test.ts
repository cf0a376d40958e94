import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseGrubScript } from './grub-script.ts';

const wordsOf = (text: string) =>
  parseGrubScript(text).commands.map(({ words }) => words.map(({ text: word }) => word));

test.each([
  ['linux /k a\\;b', [['linux', '/k', 'a;b']]],
  ['linux /k a\\\\;b', [['linux', '/k', 'a\\'], ['b']]],
  ['linux /k a\\\\\\;b', [['linux', '/k', 'a\\;b']]],
  ['linux /k "a;b" \'c;d\' e"f g"\'h\'', [['linux', '/k', 'a;b', 'c;d', 'ef gh']]],
  ['linux /k "a\\b" "a\\"b" "a\\$b" \'a\\b\'', [['linux', '/k', 'a\\b', 'a"b', 'a$b', 'a\\b']]],
  ['linux /k a#b # c', [['linux', '/k', 'a#b']]],
  ['linux /k a\\\nb\\\n c', [['linux', '/k', 'ab', 'c']]],
  [
    'set x="a b;c"\nlinux $x "$x" $' + '{x}d',
    [
      ['set', 'x=a b;c'],
      ['linux', 'a', 'b;c', 'a b;c', 'a', 'b;cd'],
    ],
  ],
  ['if true; then linux /k; fi', [['true'], ['linux', '/k'], ['fi']]],
  [
    'menuentry "A" { linux /k }\nlinux /l',
    [
      ['menuentry', 'A'],
      ['linux', '/k'],
      ['linux', '/l'],
    ],
  ],
])('%j is %j', (text, expected) => {
  expect(wordsOf(text)).toEqual(expected);
});

test.each(['menuentry "a" {', 'linux /k "a', "linux /k 'a", '}'])('%j has a problem', (text) => {
  expect(parseGrubScript(text).problem).toBeDefined();
});

test('a variable from another file, or with two values, is unknown', () => {
  for (const text of ['linux $x', 'set x=a\nset x=b\nlinux "$x"', 'set x=$y\nlinux $x']) {
    expect(parseGrubScript(text).commands.at(-1)?.words[1]?.hasUnknown).toBe(true);
  }
});

const pieces = fc.array(
  fc.constantFrom(
    'a',
    'b=',
    '/x',
    '\\',
    '\\\\',
    '"',
    "'",
    ';',
    ' ',
    '$v',
    `$${'{v}'}`,
    '#',
    '-',
    '\\ ',
    '\\"',
    "\\'",
  ),
  { minLength: 1, maxLength: 9 },
);
const line = pieces.map((all) => all.join(''));

function has(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

test.skipIf(!has('grub-script-check'))('finds open quotes where grub-script-check does', () => {
  for (const text of fc.sample(line, { numRuns: 60, seed: 1 })) {
    const real = spawnSync('grub-script-check', { input: `linux ${text}\n` }).status === 0;
    const open = parseGrubScript(`linux ${text}\n`).problem !== undefined;
    // A line with only `;` is another GRUB error, which is not checked here.
    if (real) {
      expect([text, open]).toEqual([text, false]);
    }
    if (open) {
      expect([text, real]).toEqual([text, false]);
    }
  }
});

// Not among the packages of our tests: apt-get install grub-emu to run it.
test.skipIf(!has('grub-emu'))('splits words as GRUB does', () => {
  const directory = mkdtempSync(join(tmpdir(), 'micro-linux-grub-'));
  try {
    const lines = fc
      .sample(line, { numRuns: 200, seed: 1 })
      .filter(
        (text) =>
          spawnSync('grub-script-check', { input: `linux ${text}\n` }).status === 0 &&
          parseGrubScript(`for w in x ${text}`).commands.length === 1,
      );
    const loops = lines.map((text) => `echo "@"\nfor w in x ${text}\ndo echo "[$w]"\ndone\n`);
    writeFileSync(join(directory, 'grub.cfg'), `set v="p q;r"\n${loops.join('')}echo "@"\nexit\n`);
    const output = execFileSync('grub-emu', ['-d', directory], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const seen = output.toString().split('@').slice(1, -1);
    const real = seen.map((part) => [...part.matchAll(/\[([^\n]*)\]/g)].map(([, word]) => word));
    const ours = lines.map((text) =>
      (parseGrubScript(`set v="p q;r"\nfor w in x ${text}\n`).commands[1]?.words ?? [])
        .slice(3)
        .map(({ text: word }) => word),
    );
    expect(lines.map((text, at) => [text, real[at]])).toEqual(
      lines.map((text, at) => [text, ours[at]]),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
