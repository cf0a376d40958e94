import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { knownFlags } from './command-line.ts';
import { PAGES } from './pages.ts';
import { REPOSITORY, repositoryFiles } from './repository-files.ts';

test('every command in the docs has an existing verb and existing flags', () => {
  const known = knownFlags();
  const pages = repositoryFiles().filter(
    (path) => path === 'README.md' || (path.startsWith('docs/') && path.endsWith('.md')),
  );
  let commands = 0;
  const wrong = pages.flatMap((page) =>
    commandsIn(readFileSync(join(REPOSITORY, page), 'utf8')).flatMap(({ program, words }) => {
      const [verb = '', ...more] = words;
      if (!/^[a-z]/.test(verb)) {
        return [];
      }
      commands += 1;
      const flags = known.get(`${program} ${verb}`);
      const stray = more
        .flatMap((word) => /^--[a-z][a-z-]*/.exec(word) ?? [])
        .filter((flag) => !flags?.includes(flag));
      return flags === undefined
        ? [`${page}: ${program} ${verb}`]
        : stray.map((flag) => `${page}: ${program} ${verb} ${flag}`);
    }),
  );
  expect(commands).toBeGreaterThan(100);
  expect(wrong).toEqual([]);
});

test('the README of grubenv shows every verb and option that its help has', () => {
  const help = readFileSync(join(REPOSITORY, 'packages/grubenv/src/cli/help.ts'), 'utf8');
  const verbs = [...help.matchAll(/grubenv FILE (\w+)/g)].map(([, verb]) => verb);
  const page = readFileSync(join(REPOSITORY, PAGES.grubenv), 'utf8');
  const shown = [...page.matchAll(/\$ grubenv \S+ (\w+)(?:.*(--\w+))?/g)];
  expect(verbs.length).toBeGreaterThan(3);
  expect([...new Set(shown.map(([, verb]) => verb))].toSorted()).toEqual(verbs.toSorted());
  expect(shown.flatMap(([, , option]) => option ?? [])).toEqual(['--json']);
});

/** Commands in code: lines of blocks and spans that begin with one, up to a comment or another program. */
function commandsIn(
  text: string,
): { readonly program: string; readonly words: readonly string[] }[] {
  const blocks = [...text.matchAll(/^ *```(?:sh|console|bash)?\n([\s\S]*?)^ *```/gm)];
  const spans = text.replace(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`([^`\n]+)`/g);
  const lines = [
    ...blocks.flatMap(([, block = '']) => block.split('\n')),
    ...[...spans].map(([, span = '']) => span),
  ];
  return lines.flatMap((line) => {
    const [, program, rest = ''] =
      /^\s*(?:\$ )?(?:sudo )?(?:\.\/(micro-linux(?= )|ota-agent(?= ))|ota-agent(?= ))(.*)$/.exec(
        line,
      ) ?? [];
    return rest === '' ? [] : [{ program: program ?? 'ota-agent', words: wordsOf(rest) }];
  });
}

/** The words before a comment, a pipe, another command, or `--`. */
function wordsOf(rest: string): readonly string[] {
  const [own = ''] = rest.split(/\s(?:#|\||;|&&|>|--(?=\s)|…)/);
  return own.trim().split(/\s+/);
}
