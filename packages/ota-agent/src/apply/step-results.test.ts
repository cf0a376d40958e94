import { expect, test } from 'vitest';
import { noteOf, RecordedResults } from './step-results.ts';

test('throws for the result of a step that has not been run', () => {
  const results = new RecordedResults();
  expect(results.find('inspect')).toBeUndefined();
  expect(() => results.get('inspect')).toThrow('the step inspect must be run first');
  results.record('inspect', [{ path: 'motd', deleted: false }]);
  expect(results.get('inspect')).toEqual([{ path: 'motd', deleted: false }]);
  expect(noteOf({ kind: 'inspect', slot: 'B', version: '2' }, results)).toContain('1 changed');
});

test('counts a step without a result as run', () => {
  const results = new RecordedResults();
  expect(results.has('expose')).toBe(false);
  results.record('expose', undefined);
  expect(results.has('expose')).toBe(true);
  expect(noteOf({ kind: 'expose', slot: 'B' }, results)).toBeUndefined();
});
