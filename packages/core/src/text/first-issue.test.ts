import { expect, it } from 'vitest';
import { firstIssue } from './first-issue.ts';

const error = (...issues: Parameters<typeof firstIssue>[0]['issues']) => ({ issues });

it('names the place and the error of the first issue only', () => {
  const first = { path: ['image', 'chunks', 3, 'sha256'], message: 'is too short' };
  expect(firstIssue(error(first, { path: [], message: 'second' }))).toBe(
    'image.chunks.3.sha256: is too short',
  );
  expect(firstIssue(error({ path: [], message: 'is no object' }))).toBe('is no object');
});

it('names one of many unknown keys, escaped and cut', () => {
  const keys = ['\u001b[8m', ...Array.from({ length: 100_000 }, (_, index) => `k${index}`)];
  expect(firstIssue(error({ path: ['a'], message: 'x'.repeat(1_000_000), keys }))).toBe(
    'a: unknown key "\\\\x1b[8m"',
  );
  const long = firstIssue(error({ path: ['p'.repeat(1e6)], message: '', keys: ['k'.repeat(1e6)] }));
  expect(long.length).toBeLessThan(600);
});
