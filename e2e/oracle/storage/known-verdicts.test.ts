import { GIB } from '@micro-linux/core';
import { lintSeed } from 'micro-linux/autoinstall/check/lint-seed';
import { expect, test } from 'vitest';
import { KNOWN_VERDICTS, sectionOf, type Verdict } from './known-verdicts.ts';
import { type Section, VALID_SECTIONS } from './valid-sections.ts';

function verdictOf(storage: Section): Verdict {
  const { findings } = lintSeed(JSON.stringify({ version: 1, 'user-data': {}, storage }), {
    file: 'autoinstall.yaml',
    installer: 'subiquity',
    diskBytes: 300 * GIB,
  });
  return findings.some(({ severity }) => severity === 'error')
    ? 'refused'
    : findings.some(({ rule }) => rule.startsWith('storage-version'))
      ? 'by-version'
      : 'accepted';
}

test.each(Object.entries(VALID_SECTIONS))('%s: no error for a valid section', (name, section) => {
  // The one that uses a share of a disk.
  expect(verdictOf(section)).toBe(name === 'numbered' ? 'by-version' : 'accepted');
});

test.each(KNOWN_VERDICTS.map((known) => ({ ...known, change: JSON.stringify(known.set) })))(
  '$base, $id with $change: $verdict',
  ({ verdict, ...known }) => {
    expect(verdictOf(sectionOf({ ...known, verdict }))).toBe(verdict);
  },
);
