import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { jsonDocs } from './render-json-docs.ts';

test('docs/reference/json.md is up to date, and describes every field', async () => {
  const file = resolve(import.meta.dirname, '../../../docs/reference/json.md');
  const text = await readFile(file, 'utf8');
  expect(text, 'run: node e2e/harness/json/write-json-docs.ts').toBe(jsonDocs());
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
});
