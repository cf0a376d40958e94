import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { lintSeed } from './lint-seed.ts';
import { renderFindings } from './render-findings.ts';
import { RULES } from './rules.ts';

const docs = await readFile(
  resolve(import.meta.dirname, '../../../../../docs/guides/seed.md'),
  'utf8',
);

test('docs/guides/seed.md lists every rule', () => {
  const listed = /^### Rules\n\n([\s\S]*?)\n\n/m.exec(docs)?.[1]?.split('\n').slice(2);
  expect(
    listed?.map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, 4),
    ),
  ).toEqual(
    Object.entries(RULES).map(([id, { severity, about }]) => [`\`${id}\``, severity, about]),
  );
});

test('docs/guides/seed.md shows the real output', () => {
  const text = /^```yaml\n(version: 1\n[\s\S]*?)```$/m.exec(docs)?.[1] ?? '';
  const shown = /^```\n(mine\.yaml:[\s\S]*?)\n```$/m.exec(docs)?.[1];
  const { findings } = lintSeed(text, { file: 'mine.yaml', installer: 'subiquity' });
  expect(shown).toBe(renderFindings('mine.yaml', findings));
});
