import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedPages } from './generated-pages.ts';
import { REPOSITORY } from './repository-files.ts';
import { tableRows } from './tables.ts';

test.each(Object.entries(generatedPages()))('%s is up to date', (page, text) => {
  const found = readFileSync(join(REPOSITORY, page), 'utf8');
  expect(found, 'run: node e2e/harness/docs/write-docs.ts').toBe(text);
});

test.each(Object.entries(generatedPages()))('%s describes every line', (_page, text) => {
  const rows = tableRows(text);
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter((cells) => cells.some((cell) => cell === '' || cell === '``'))).toEqual([]);
});
