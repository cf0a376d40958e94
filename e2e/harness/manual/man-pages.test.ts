import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allManPages } from '../../../scripts/manual/all-man-pages.ts';
import { EXIT_CODES } from '../../../scripts/manual/man-pages.ts';
import { AGENT_TABLE, BUILDER_TABLE } from '../completion/tables.ts';
import { PAGES } from '../docs/pages.ts';
import { REPOSITORY } from '../docs/repository-files.ts';

const PROGRAMS = [
  { table: BUILDER_TABLE, section: 1 },
  { table: AGENT_TABLE, section: 8 },
];
/** How bold and underlined letters begin. */
const OVERSTRUCK = new RegExp(`.${String.fromCharCode(8)}`, 'g');
const pages = allManPages('2026-01-02');
const isMissing = spawnSync('mandoc', ['-T', 'ascii'], { input: '' }).error !== undefined;
if (isMissing) {
  console.warn('SKIPPED: mandoc is not installed (./micro-linux setup-host --tests)');
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'man-pages-'));
  for (const [name, text] of pages) {
    await writeFile(join(folder, name), text);
  }
});
afterAll(() => rm(folder, { recursive: true }));

test('each program has a page, and each of its verbs', () => {
  expect([...pages.keys()].sort()).toEqual(
    PROGRAMS.flatMap(({ table: { program, verbs }, section }) => [
      `${program}.${section}`,
      ...verbs
        .filter(({ name }) => name !== 'help')
        .map(({ name }) => `${program}-${name}.${section}`),
    ]).sort(),
  );
});

test.skipIf(isMissing)('mandoc finds nothing to complain about', async () => {
  const { stdout, stderr } = await run(
    'mandoc',
    ['-T', 'lint', '-W', 'style', ...[...pages.keys()].map((name) => join(folder, name))],
    { okExitCodes: [0, 1, 2, 3, 4, 5] },
  );
  expect(stdout + stderr).toBe('');
});

test.skipIf(isMissing)('a page shows every flag, argument and note of its verb', async () => {
  for (const { table, section } of PROGRAMS) {
    for (const verb of table.verbs.filter(({ name }) => name !== 'help')) {
      const file = join(folder, `${table.program}-${verb.name}.${section}`);
      const { stdout } = await run('mandoc', ['-T', 'ascii', '-O', 'width=300', file]);
      const text = stdout.replaceAll(OVERSTRUCK, '').replaceAll(/ +/g, ' ');
      expect(text).toContain(`${table.program} ${verb.name} [options]`);
      for (const { names, description, value } of verb.flags) {
        const term = `\n ${names.join(', ')}${value ? ` ${value.isRequired ? '' : '['}${value.name}` : ''}`;
        expect(text, `${verb.name} ${term}`).toContain(term);
        expect(text).toContain(shown(description).slice(0, 60));
        expect(text).toContain((value?.isChecked === true ? value.choices : []).join(', '));
      }
      for (const { name, description } of verb.arguments) {
        expect(text).toContain(`\n ${name}`);
        expect(text).toContain(shown(description).slice(0, 60));
      }
      for (const line of verb.notes.split('\n')) {
        expect(text).toContain(shown(line.trim()).replaceAll(/ +/g, ' '));
      }
    }
  }
});

test('exit codes have the meaning that the documentation has', async () => {
  const page = await readFile(join(REPOSITORY, PAGES.exitCodes), 'utf8');
  for (const [code, meaning] of Object.entries(EXIT_CODES)) {
    expect(page).toMatch(new RegExp(`^\\| ${code} +\\| ${meaning} +\\|$`, 'm'));
  }
});

/** As npm installs the program, and as the pages write these characters. */
function shown(text: string): string {
  return text
    .replaceAll(/(?<!\S)\.\/micro-linux/g, 'micro-linux')
    .replaceAll('’', "'")
    .replaceAll('…', '...');
}
