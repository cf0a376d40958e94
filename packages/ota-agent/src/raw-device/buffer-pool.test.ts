import { expect, it } from 'vitest';
import { bufferPool } from './buffer-pool.ts';

it('lends a fixed number of buffers, and makes further requests wait in order', async () => {
  const pool = bufferPool([Buffer.alloc(4096), Buffer.alloc(4096)]);
  const [one, other] = [await pool.take(), await pool.take()];
  expect(one?.length).toBe(4096);
  expect(one).not.toBe(other);
  const turns: string[] = [];
  const first = pool.take().then((buffer) => turns.push(`first ${buffer === other}`));
  const second = pool.take().then((buffer) => turns.push(`second ${buffer === one}`));
  for (const buffer of [other, one]) {
    if (buffer) {
      pool.give(buffer);
    }
  }
  await Promise.all([first, second]);
  expect(turns).toEqual(['first true', 'second true']);
});

it('lends nothing once it is closed', async () => {
  const pool = bufferPool([Buffer.alloc(4096)]);
  const held = await pool.take();
  const waiting = pool.take();
  pool.close();
  expect(await waiting).toBeUndefined();
  if (held) {
    pool.give(held);
  }
  expect(await pool.take()).toBeUndefined();
});
