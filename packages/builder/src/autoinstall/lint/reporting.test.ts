import { expect, test } from 'vitest';
import { lintSeed } from '../check/lint-seed.ts';

function said(reporting: string, rest = ''): readonly string[] {
  const { findings } = lintSeed(`{version: 1, user-data: {}, reporting: ${reporting}${rest}}`, {
    file: 'autoinstall.yaml',
    installer: 'subiquity',
  });
  return findings
    .filter(({ rule }) => rule === 'reporting')
    .map(({ path, problem }) => `${path}: ${problem}`);
}

test.each([
  '{a: {type: print}, b: {type: log, level: INFO}, c: {type: journald, identifier: x}}',
  '{hook: {type: webhook, endpoint: http://a.example, timeout: 5, retries: 3, level: x}}',
  '{hook: {type: webhook, endpoint: x, consumer_key: a, token_key: b, token_secret: c}}',
])('accepts %s', (reporting) => {
  expect(said(reporting)).toEqual([]);
});

test.each([
  ['{a: {type: rsyslog}}', 'reporting.a.type: "rsyslog" is not one of print, log'],
  ['{a: {type: constructor}}', 'reporting.a.type: "constructor" is not one of'],
  ['{a: {type: print, level: INFO}}', 'reporting.a.level: is not a key of type print'],
  ['{a: {type: webhook}}', 'reporting.a: needs `endpoint`'],
  ['{a: {type: webhook, endpoint: x, token_key: a}}', 'reporting.a: has only some of'],
])('refuses %s, which curtin cannot create', (reporting, problem) => {
  expect(said(reporting)).toEqual([expect.stringContaining(problem)]);
});

test('does not look at it if the installation asks, which does not use it', () => {
  expect(said('{a: {type: rsyslog}}', ', interactive-sections: [network]')).toEqual([]);
});
