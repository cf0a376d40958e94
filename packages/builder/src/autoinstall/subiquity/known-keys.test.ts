import { expect, test } from 'vitest';
import { knownPaths } from './known-keys.ts';

test('known keys are found once, however many keys of a seed are compared with them', () => {
  expect(knownPaths()).toContain('identity.username');
  expect(knownPaths()).toBe(knownPaths());
});
