import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VARIABLES } from 'micro-linux/config/environment';
import { allKeys, keyInfo } from 'micro-linux/config/key-info';
import { parseYaml } from 'micro-linux/config/yaml-document';
import { PROFILE_NAMES } from 'micro-linux/profiles/index';
import { expect, test } from 'vitest';
import { PAGES } from './pages.ts';
import { REPOSITORY } from './repository-files.ts';
import { quotedWords, sectionOf, tableRows } from './tables.ts';

const page = readFileSync(join(REPOSITORY, PAGES.config), 'utf8');
const rows = tableRows(sectionOf(page, '## Keys'));

test('the page of the config lists every key, and no other', () => {
  const listed = rows.flatMap(([key]) => quotedWords(key));
  expect(listed.toSorted()).toEqual(allKeys().toSorted());
});

test('the page of the config gives the real defaults', () => {
  const wrong = rows.flatMap(([name, , cell]) => {
    const [key = ''] = quotedWords(name);
    const [shown] = quotedWords(cell);
    const { default: real } = keyInfo(key.split('.')) ?? {};
    // One in words is of something that is only known when an image is built.
    const isSame = shown === undefined || JSON.stringify(yaml(shown)) === JSON.stringify(real);
    return isSame ? [] : [`${key}: ${shown}, not ${JSON.stringify(real)}`];
  });
  expect(wrong).toEqual([]);
});

test('the page of the config lists every environment variable with its key', () => {
  const listed = tableRows(sectionOf(page, '## Environment variables'));
  expect(listed.map(([name, key]) => [...quotedWords(name), ...quotedWords(key)])).toEqual(
    VARIABLES.map(({ name, path }) => [name, path.join('.')]),
  );
});

test('the pages name every profile', () => {
  const [, meaning] = rows.find(([key]) => key === '`profile`') ?? [];
  expect(quotedWords(meaning).toSorted()).toEqual(PROFILE_NAMES.toSorted());

  // Which of them was built and booted, and how.
  const readme = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');
  const named = tableRows(readme).flatMap(([name]) => quotedWords(name));
  expect(PROFILE_NAMES.filter((name) => !named.includes(name))).toEqual([]);
});

/** A value as one would write it into the config. */
function yaml(text: string): unknown {
  const { value } = parseYaml(`key: ${text}`, 'page', { isSecret: () => false });
  return Object.values(value as object)[0];
}
