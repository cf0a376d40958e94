import { expect, test } from 'vitest';
import { inPool } from './in-pool.ts';

test('never runs more than the limit at once, runs each item once, returns results in order', async () => {
  let now = 0;
  let most = 0;
  const results = await inPool(2, [1, 2, 3, 4, 5], async (item) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise(setImmediate);
    now -= 1;
    return item * 10;
  });
  expect(results).toEqual([10, 20, 30, 40, 50]);
  expect(most).toBe(2);
});

test('fails when one item fails', async () => {
  await expect(
    inPool(2, [1, 2], async (item) => {
      if (item === 2) {
        throw new Error('two');
      }
    }),
  ).rejects.toThrow('two');
});
