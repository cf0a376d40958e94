import { expect, test } from 'vitest';
import { lintSeed } from '../check/lint-seed.ts';
import { parseSeed } from './parse-seed.ts';

const read = (text: string, file = 'seed.yaml') => parseSeed(text, file).seed;

test.each([
  ['#cloud-config\nautoinstall: {version: 1}', 'seed.yaml', 'user-data', ['autoinstall']],
  ['# cloud config\nautoinstall: {version: 1}', 'seed.yaml', 'user-data', ['autoinstall']],
  ['\n\n#Cloud-Config\nautoinstall: {version: 1}', 'seed.yaml', 'user-data', ['autoinstall']],
  ['version: 1', '/srv/user-data', 'user-data', ['autoinstall']],
  ['autoinstall: {version: 1}', 'user-data.yaml', 'autoinstall', ['autoinstall']],
  ['version: 1', 'user-data.yaml', 'autoinstall', []],
  ['version: 1\n#cloud-config', 'seed.yaml', 'autoinstall', []],
])('%j in %s is %s', (text, file, form, base) => {
  expect(read(text, file)).toMatchObject({ form, base });
});

test('reads as PyYAML does: yes is true, and aliases work', () => {
  const seed = read('ssh: {install-server: yes}\na: &a {b: 010}\nc: *a\nd: {<<: *a}');
  expect(seed?.autoinstall).toEqual({
    ssh: { 'install-server': true },
    a: { b: 8 },
    c: { b: 8 },
    d: { b: 8 },
  });
});

test.each([
  '#cloud-config\nautoinstall:\n  version: 1\n  user-data: {}\n',
  '#CLOUD-CONFIG\nautoinstall:\n  version: 1\n  user-data: {}\n',
  '\n  #cloud-config\r\nautoinstall:\r\n  version: 1\r\n  user-data: {}\r\n',
  '## template: jinja\n#cloud-config\nautoinstall:\n  version: 1\n  user-data: {}\n',
])('%j is cloud-config to cloud-init', (text) => {
  expect(lintSeed(text, { file: 'user-data', installer: 'subiquity' }).findings).toEqual([]);
});

test.each([
  '\ufeff#cloud-config\nautoinstall: {version: 1, user-data: {}}',
  '#cloud-config-archive\nautoinstall: {version: 1, user-data: {}}',
  '#! /bin/sh\nautoinstall: {version: 1, user-data: {}}',
])('does not recognize %j', (text) => {
  const { findings } = lintSeed(text, { file: 'user-data', installer: 'subiquity' });
  expect(findings).toMatchObject([{ rule: 'first-line', line: 1, column: 1 }]);
});

test('aliases that multiply endlessly are a syntax error and do not hang', () => {
  const levels = Array.from({ length: 9 }, (_, at) => {
    const items = Array.from({ length: 9 }, () => (at === 0 ? 'x' : `*a${at - 1}`));
    return `a${at}: &a${at} [${items.join(', ')}]`;
  });
  const { seed, findings } = parseSeed(levels.join('\n'), 'seed.yaml');
  expect(seed).toBeUndefined();
  expect(findings).toMatchObject([{ rule: 'syntax' }]);
});

test('any text gives findings, never an exception', () => {
  const pieces = ['autoinstall', 'storage', 'config', 'network', 'ethernets', 'identity', 'ssh'];
  const values = ['', ' 1', ' []', ' {}', ' null', ' [1]', ' [[]]', ' [{}]', ' "x"', ' 2024-01-01'];
  for (const key of [...pieces, 'user-data', 'late-commands', 'interactive-sections']) {
    for (const inner of [...pieces, 'layout', 'match', 'users', 'chpasswd', 'addresses']) {
      for (const value of values) {
        const text = `#cloud-config\nautoinstall:\n  ${key}:\n    ${inner}:${value}\n`;
        const options = { file: 'user-data', installer: 'micro-linux' } as const;
        expect(lintSeed(text, options).findings.length).toBeGreaterThan(0);
        lintSeed(`${key}:${value}`, { ...options, file: 'autoinstall.yaml' });
      }
    }
  }
});
