import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode } from '@micro-linux/core';
import { describe, expect, it, test } from 'vitest';
import { PAGES } from './pages.ts';
import { REPOSITORY, repositoryFiles } from './repository-files.ts';
import { codeUses, resultCodes } from './source-errors.ts';
import { quotedWords, tableRows } from './tables.ts';

const page = readFileSync(join(REPOSITORY, PAGES.exitCodes), 'utf8');

/** Exit codes by error code, as the page has them; `null` for one that is not a number. */
const documented = new Map<string, Set<number | null>>();
for (const [codes, exits = ''] of tableRows(page)) {
  for (const code of quotedWords(codes)) {
    const known = documented.get(code) ?? new Set();
    documented.set(code, known);
    for (const exit of exits.split(',')) {
      known.add(/^\s*\d+\s*$/.test(exit) ? Number(exit) : null);
    }
  }
}

/** The same, as the sources have them; empty where no exit code is a constant. */
const made = new Map<string, Set<number>>();
for (const source of shippedSources()) {
  for (const code of resultCodes(source)) {
    made.set(code, made.get(code) ?? new Set());
  }
  for (const { code, exit } of codeUses(source)) {
    const exits = made.get(code) ?? new Set();
    made.set(code, exit === undefined ? exits : exits.add(exit));
  }
}

describe('the page of exit codes', () => {
  it('lists exactly the error codes that the sources use', () => {
    expect(made.size).toBeGreaterThan(150);
    expect([...documented.keys()].sort()).toEqual([...made.keys()].sort());
  });

  it('gives the exit codes that the sources use', () => {
    const wrong = [...made].flatMap(([code, exits]) => {
      const told = [...(documented.get(code) ?? [])].sort();
      const isSame = `${told}` === `${[...exits].sort()}`;
      return isSame || exits.size === 0 ? [] : [`${code}: ${told}, not ${[...exits].sort()}`];
    });
    expect(wrong).toEqual([]);
  });

  it('is not contradicted by the tables of other pages', () => {
    const cells = repositoryFiles()
      .filter((path) => path.startsWith('docs/') && path.endsWith('.md'))
      .flatMap((path) => tableRows(read(path)).map((row) => ({ path, row })))
      .flatMap(({ path, row }) =>
        row.flatMap((cell, index) => {
          const isNumber = /^\d+$/.test(row[index + 1] ?? '');
          return isNumber
            ? quotedWords(cell).map((code) => ({ path, code, exit: Number(row[index + 1]) }))
            : [];
        }),
      )
      .filter(({ code }) => made.has(code));
    expect(cells.length).toBeGreaterThan(250);
    const wrong = cells.filter(({ code, exit }) => {
      const exits = made.get(code);
      return exits !== undefined && exits.size > 0 && !exits.has(exit);
    });
    expect(wrong).toEqual([]);
  });

  it('lists every code that a comment names', () => {
    const promised = shippedSources().flatMap((source) =>
      [...source.matchAll(/@throws MicroLinuxError[^@]*?(?=\*\/|@|\. )/g)].flatMap(([sentence]) =>
        quotedWords(sentence).filter((word) => /^[a-z]+(?:-[a-z]+)+$/.test(word)),
      ),
    );
    expect(promised.length).toBeGreaterThan(100);
    expect(promised.filter((code) => !documented.has(code))).toEqual([]);
  });

  it('lists every exit code, and the sources use all of them', () => {
    const numbers = tableRows(page).flatMap(([cell = '']) => (/^\d+$/.test(cell) ? [cell] : []));
    expect(numbers.map(Number)).toEqual(Object.values(ExitCode));

    const sources = shippedSources().join('\n');
    const unused = Object.keys(ExitCode).filter((name) => !sources.includes(`ExitCode.${name}`));
    expect(unused).toEqual([]);
  });
});

test('the README of grubenv lists every code of a GrubEnvError', () => {
  const source = read('packages/grubenv/src/grubenv-error.ts');
  const codes = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, code]) => code);
  const rows = tableRows(read(PAGES.grubenv)).flatMap(([cell]) => quotedWords(cell));
  expect(codes.length).toBeGreaterThan(10);
  expect(codes.filter((code = '') => !rows.includes(code))).toEqual([]);
});

describe('the search for codes', () => {
  it.each([
    [`new MicroLinuxError({ code: 'a-b', message: 'x' })`, [{ code: 'a-b', exit: 1 }]],
    [`new MicroLinuxError({\n code: 'a',\n exitCode: ExitCode.busy,\n})`, [{ code: 'a', exit: 6 }]],
    [`rejected({ code: 'a', why: f({ x: 1 }) })`, [{ code: 'a', exit: 5 }]],
    [`keyError('a-b', 'text', { hint })`, [{ code: 'a-b', exit: 2 }]],
    [
      `new MicroLinuxError({\n code: only ? 'a' : 'b',\n})`,
      [
        { code: 'a', exit: 1 },
        { code: 'b', exit: 1 },
      ],
    ],
    [`new MicroLinuxError({ code: 'a', exitCode })`, [{ code: 'a', exit: undefined }]],
    [`step.failed('a')`, []],
  ])('reads %j', (source, uses) => {
    expect(codeUses(source)).toEqual(uses);
  });
});

/** The text of every source file of the two programs; grubenv has codes of its own. */
function shippedSources(): string[] {
  return repositoryFiles()
    .filter((path) => /^packages\/(?!grubenv\/)[^/]+\/(?:src|bundle)\/.*\.ts$/.test(path))
    .filter((path) => !/(?:\.test|\.testdata|\/testing)\.ts$/.test(path))
    .map(read);
}

function read(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}
