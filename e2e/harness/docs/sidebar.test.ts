import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { sidebar } from '../../../docs/.vitepress/sidebar.ts';

const DOCS = resolve(import.meta.dirname, '../../../docs');

it('links the sidebar of the site only to pages of the site', () => {
  const links = sidebar(join(DOCS, 'index.md')).flatMap(({ items }) => items);
  expect(links.length).toBeGreaterThan(30);
  const broken = links.filter(({ link }) => {
    const page = resolve(DOCS, `.${link}.md`);
    return !page.startsWith(`${DOCS}/`) || !existsSync(page);
  });
  expect(broken).toEqual([]);
});

it('has an entry for every line of the index', () => {
  const index = join(DOCS, 'index.md');
  const shown = sidebar(index).flatMap(({ items }) => items.map(({ text }) => text));
  const lines = [...readFileSync(index, 'utf8').matchAll(/^- \[([^\]]+)\]/gm)];
  expect(shown).toEqual(lines.map(([, text]) => text));
});
