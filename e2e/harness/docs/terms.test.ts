import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY, repositoryFiles } from './repository-files.ts';
import { findTerms } from './terms.ts';

const files = repositoryFiles().filter((path) => existsSync(join(REPOSITORY, path)));

function problems(paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    findTerms(readFileSync(join(REPOSITORY, path), 'utf8')).map(
      ({ line, found, write }) => `${path}:${line}: "${found}": write: ${write}`,
    ),
  );
}

test('docs use the words of docs/style.md', () => {
  const pages = files.filter((path) => path.endsWith('.md') && path !== 'docs/style.md');
  expect(pages.length).toBeGreaterThan(40);
  expect(problems(pages)).toEqual([]);
});

/** What others wrote, what lists words, and bytes that are not text. */
const OTHERS =
  /^(LICENSE|pnpm-lock\.yaml|scripts\/words\.txt|cspell\.json|docs\/style\.md|e2e\/harness\/docs\/terms.*)$|\.(img|bin|zst|xz|gz|pem|png|ico)$/;

test('code, scripts, units and settings use the words of docs/style.md, also in comments and test names', () => {
  const sources = files.filter((path) => !path.endsWith('.md') && !OTHERS.test(path));
  expect(sources.length).toBeGreaterThan(1400);
  for (const kind of ['.ts', '.sh', '.service', '.json', '.nft', 'build-app.sh', '.ci/run']) {
    expect(
      sources.some((path) => path.endsWith(kind)),
      kind,
    ).toBe(true);
  }
  expect(problems(sources)).toEqual([]);
});

test('a term is found with its line', () => {
  const source = `// plain\nconst fixed = 'it came back';\n/* fine */ fail(\`mend\n it\`);\n`;
  expect(findTerms(source).map(({ line, found }) => [line, found])).toEqual([
    [2, 'came back'],
    [3, 'mend'],
  ]);
});
