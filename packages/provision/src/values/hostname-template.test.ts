import { expect, it, test } from 'vitest';
import { checkHostnameTemplate } from './hostname-template.ts';

it.each([
  'gw-{serial}',
  '{mac}',
  '{machine-id}',
  'gw-{serial}.lan.example',
  '{serial}-{mac}',
  `${'a'.repeat(51)}{mac}`,
  'plain',
])('%s gives a host name', (name) => {
  expect(checkHostnameTemplate(name)).toBeUndefined();
});

test.each([
  ['gw-{serail}', 'contains "{serail}"'],
  ['gw-{serial', 'contains a single brace'],
  ['gw-{}', 'contains "{}"'],
  ['{mac}-{mac}', 'contains a placeholder twice'],
  [`${'a'.repeat(52)}{serial}`, 'becomes 64 characters long'],
  [`${'a'.repeat(32)}{machine-id}`, 'becomes 64 characters long'],
  ['-{serial}', 'does not become a host name'],
  ['{serial}.', 'does not become a host name'],
  ['gw_{serial}', 'does not become a host name'],
  ['a_b', 'is not a host name'],
])('%s is refused', (name, problem) => {
  expect(checkHostnameTemplate(name)?.what).toContain(problem);
});
