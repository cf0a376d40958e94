import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { freeRangeStart, largestRange, parseSubIds, SUB_IDS_NEEDED } from './sub-ids.ts';

it('finds the ranges of a user by name and by number', () => {
  const ranges = parseSubIds('ann:100000:65536\n# bob:1:1\nbob:165536:10\n1002:300000:70000\n\n');

  expect(largestRange(ranges, { name: 'bob', uid: 1002 })).toBe(70_000);
  expect(largestRange(ranges, { name: 'eve', uid: 1003 })).toBe(0);
});

it('starts at the first free range that is large enough', () => {
  expect(freeRangeStart([])).toBe(100_000);
  expect(freeRangeStart(parseSubIds('b:231072:65536\na:100000:65536\n'))).toBe(165_536);
  expect(freeRangeStart(parseSubIds('b:170000:65536\na:100000:65536\n'))).toBe(235_536);
});

it('never gives two users the same ids', () => {
  const range = fc.record({
    owner: fc.constant('x'),
    start: fc.integer({ min: 0, max: 2_000_000 }),
    count: fc.integer({ min: 1, max: 200_000 }),
  });
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), (ranges) => {
      const start = freeRangeStart(ranges);
      return ranges.every(
        (taken) => taken.start + taken.count <= start || start + SUB_IDS_NEEDED <= taken.start,
      );
    }),
  );
});
