import { groupIn, listIn } from '@micro-linux/provision';
import type { Remark } from '../check/finding.ts';
import type { Seed } from '../seed/parse-seed.ts';
import { emptySections } from '../subiquity/empty-sections.ts';
import { keysOfGroup, knownPaths, NEWER_KEYS, TOP_KEYS } from '../subiquity/known-keys.ts';
import { advise } from './advice.ts';

/** Keys of autoinstall that the installer ignores, and those that make it ask. */
export function keyRemarks({ autoinstall, base }: Seed): Remark[] {
  return [
    ...Object.keys(autoinstall).flatMap((key) => [
      ...topKey(key, [...base, key]),
      ...inGroup(key, Object.keys(groupIn(autoinstall, key)), [...base, key]),
    ]),
    ...emptySections(autoinstall).map(
      (key): Remark => ({
        rule: 'empty-section',
        path: [...base, key],
        at: 'key',
        problem: 'has nothing below it: the installer treats it as missing',
        fix: 'write what belongs to it, indented, or remove it',
      }),
    ),
    ...interactive(listIn(autoinstall, 'interactive-sections'), base),
  ];
}

function topKey(key: string, path: readonly (string | number)[]): Remark[] {
  if (TOP_KEYS.includes(key)) {
    return [];
  }
  if (NEWER_KEYS.includes(key)) {
    const problem = 'is a key of releases after 24.04: the installer of 24.04 drops it';
    return [{ rule: 'newer-key', path, at: 'key', problem, fix: 'remove it for 24.04' }];
  }
  return [
    {
      rule: 'unknown-key',
      path,
      at: 'key',
      problem: 'is not a key of autoinstall: Subiquity silently ignores it',
      fix: advise(key, '', knownPaths()),
    },
  ];
}

function inGroup(
  group: string,
  keys: readonly string[],
  path: readonly (string | number)[],
): Remark[] {
  const known = keysOfGroup(group);
  return known === undefined
    ? []
    : keys
        .filter((key) => !known.includes(key))
        .map((key) => ({
          rule: 'unknown-key',
          path: [...path, key],
          at: 'key',
          problem: 'is not a key of it: Subiquity silently ignores it',
          fix: advise(key, group, knownPaths()),
        }));
}

function interactive(sections: readonly unknown[], base: readonly (string | number)[]): Remark[] {
  return sections.length === 0
    ? []
    : [
        {
          rule: 'interactive',
          path: [...base, 'interactive-sections'],
          at: 'key',
          problem: 'makes the installation stop and ask',
          fix: 'remove it for an unattended installation',
        },
      ];
}
