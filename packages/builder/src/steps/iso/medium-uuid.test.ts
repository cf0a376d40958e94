import { expect, test } from 'vitest';
import { mediumUuid } from './medium-uuid.ts';

const EPOCH = 1_767_225_600;

test('is a date in both forms, the same for the same build and different for others', () => {
  const one = mediumUuid('one', EPOCH);
  expect(one.digits).toMatch(/^2026(0[1-9]|1[0-2])[0-3]\d[0-2]\d[0-5]\d[0-5]\d\d\d$/);
  expect(one.uuid).toMatch(/^2026-\d\d-\d\d-\d\d-\d\d-\d\d-\d\d$/);
  expect(one.uuid.replaceAll('-', '')).toBe(one.digits);
  expect(mediumUuid('one', EPOCH)).toEqual(one);
  expect(mediumUuid('two', EPOCH)).not.toEqual(one);
});
