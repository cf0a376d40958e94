import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY, repositoryFiles } from './repository-files.ts';
import { findTerms, onlyStrings } from './terms.ts';

const files = repositoryFiles().filter((path) => existsSync(join(REPOSITORY, path)));

/** Folders whose comments are checked as well; add one when it passes. */
const WITH_COMMENTS = ['packages/grubenv/src/', 'e2e/docs/', 'e2e/grubenv/'];

function problems(
  paths: readonly string[],
  text: (path: string, source: string) => string,
): string[] {
  return paths.flatMap((path) =>
    findTerms(text(path, readFileSync(join(REPOSITORY, path), 'utf8'))).map(
      ({ line, found, write }) => `${path}:${line}: "${found}": write: ${write}`,
    ),
  );
}

test('docs use the words of docs/style.md', () => {
  const pages = files.filter((path) => path.endsWith('.md') && path !== 'docs/style.md');
  expect(pages.length).toBeGreaterThan(40);
  expect(problems(pages, (_, source) => source)).toEqual([]);
});

test('messages and help texts use the words of docs/style.md', () => {
  const sources = files.filter((path) =>
    /^packages\/[^/]+\/src\/(?!.*\.(test|testdata)\.ts$).*\.ts$/.test(path),
  );
  expect(sources.length).toBeGreaterThan(400);
  const text = (path: string, source: string) =>
    WITH_COMMENTS.some((folder) => path.startsWith(folder)) ? source : onlyStrings(source);
  expect(problems(sources, text)).toEqual([]);
});

test('what the system on a device prints uses the words of docs/style.md', () => {
  const texts = files.filter((path) => /^(systemd\/(catalog|scripts)\/|micro-linux$)/.test(path));
  expect(texts.length).toBeGreaterThan(3);
  expect(problems(texts, (_, source) => source.replace(/^\s*#.*$/gm, ''))).toEqual([]);
});

test('a term is found with its line, in strings and not in code or comments', () => {
  const source = `// it's told to mend\nconst mended = 'it came back';\n/* anew */ fail(\`mend\n it\`);\n`;
  expect(findTerms(onlyStrings(source)).map(({ line, found }) => [line, found])).toEqual([
    [2, 'came back'],
    [3, 'mend'],
  ]);
});
