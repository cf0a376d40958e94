import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GIB } from '@micro-linux/core';
import { expect, test } from 'vitest';
import { lintSeed } from './lint-seed.ts';
import { renderFindings } from './render-findings.ts';
import { RULES } from './rules.ts';

/** Seeds with mistakes that people really make, one kind per folder. */
const BROKEN = join(import.meta.dirname, 'broken-seeds');
const CASES = readdirSync(BROKEN).map((name) => {
  const [file = ''] = readdirSync(join(BROKEN, name));
  return { name, file, text: readFileSync(join(BROKEN, name, file), 'utf8') };
});

const look = ({ name, file, text }: (typeof CASES)[number]) =>
  lintSeed(text, {
    file,
    installer: name.startsWith('not-') ? 'micro-linux' : 'subiquity',
    diskBytes: name === 'too-large' ? 8 * GIB : undefined,
  });

test.each(CASES)('$name: what is wrong, where, and what to write', (seed) => {
  expect(renderFindings(seed.file, look(seed).findings)).toMatchSnapshot();
});

/** A secret of the wrong type at the end of a seed, which gives a finding. */
function withSecret(seed: (typeof CASES)[number]): (typeof CASES)[number] {
  const indent = /^autoinstall:\s*$/m.test(seed.text) ? '  ' : '';
  return { ...seed, text: `${seed.text}\n${indent}ubuntu-pro: { token: [hunter2] }\n` };
}

test.each(CASES)('$name: no secret is shown', (seed) => {
  for (const one of [seed, withSecret(seed)]) {
    expect(JSON.stringify(look(one))).not.toContain('hunter2');
  }
});

test('many of them have findings about secrets, so that one could be shown', () => {
  const complained = CASES.map(withSecret).filter((seed) =>
    look(seed).findings.some((finding) => JSON.stringify(finding).includes('ubuntu-pro')),
  );
  expect(complained.length).toBeGreaterThan(CASES.length / 2);
});

test('every rule except that of cloud-init finds something in one of them', () => {
  const found = new Set(CASES.flatMap((seed) => look(seed).findings.map(({ rule }) => rule)));
  expect(Object.keys(RULES).filter((rule) => !found.has(rule as keyof typeof RULES))).toEqual([
    'cloud-init',
  ]);
});
