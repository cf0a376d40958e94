import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { headingAnchors, markdownLinks } from './markdown-links.ts';
import { REPOSITORY, repositoryFiles } from './repository-files.ts';

const files = repositoryFiles().filter((path) => existsSync(join(REPOSITORY, path)));
const pages = files.filter((path) => path.endsWith('.md'));

function read(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}

test('every link between pages and files resolves, headings included', () => {
  let links = 0;
  const broken = pages.flatMap((page) =>
    markdownLinks(read(page)).flatMap(({ path, heading }) => {
      links += 1;
      const target = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(REPOSITORY, target))) {
        return [`${page}: ${path}`];
      }
      const missing = heading !== '' && !headingAnchors(read(target)).includes(heading);
      return missing ? [`${page}: ${path}#${heading}`] : [];
    }),
  );
  expect(links).toBeGreaterThan(100);
  expect(broken).toEqual([]);
});

test('every page of docs named in code, messages and comments exists', () => {
  let mentions = 0;
  const missing = files
    // Old entries of the changelog keep the names of their time; the comparison names pages of others.
    .filter((path) => !['CHANGELOG.md', 'docs/explanation/comparison.md'].includes(path))
    .flatMap((path) =>
      [...read(path).matchAll(/(?<![\w/])docs\/[\w/-]+\.(?:md|json)/g)].flatMap(([page]) => {
        mentions += 1;
        return existsSync(join(REPOSITORY, page)) ? [] : [`${path}: ${page}`];
      }),
    );
  expect(mentions).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});

test('the index of docs links to every page', () => {
  const linked = ['docs', 'docs/explanation/decisions'].flatMap((folder) =>
    markdownLinks(read(`${folder}/index.md`)).map(({ path }) => normalize(join(folder, path))),
  );
  const inDocs = pages.filter((path) => path.startsWith('docs/') && path !== 'docs/index.md');
  expect(inDocs.filter((page) => !linked.includes(page))).toEqual([]);
});
