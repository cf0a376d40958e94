import { start } from '@micro-linux/core';
import { describe, expect, test } from 'vitest';
import {
  awaitStandstill,
  judgeStandstill,
  type ProgressSample,
  SAMPLE_MS,
} from './program-progress.ts';

const LIMITS = { cpuMs: 10_000, idleMs: 5000 };
const samples = (count: number, of: (index: number) => ProgressSample): ProgressSample[] =>
  Array.from({ length: count }, (_, index) => of(index));

describe('judgeStandstill', () => {
  test('a program that uses processor time without progress is spinning', () => {
    const busy = samples(51, (index) => ({ cpuMs: index * SAMPLE_MS, busy: true }));
    expect(judgeStandstill(busy.slice(0, 50), LIMITS)).toBeUndefined();
    expect(judgeStandstill(busy, LIMITS)).toBe('spins');
  });

  test('a sleeping program is idle after a while', () => {
    const asleep = samples(25, () => ({ cpuMs: 300, busy: false }));
    expect(judgeStandstill(asleep.slice(1), LIMITS)).toBeUndefined();
    expect(judgeStandstill(asleep, LIMITS)).toBe('idle');
  });

  test('a program waiting for a processor on a busy host is never idle', () => {
    const starved = samples(10_000, () => ({ cpuMs: 300, busy: true }));
    expect(judgeStandstill(starved, LIMITS)).toBeUndefined();
  });

  test('a program that works a little is not idle', () => {
    const slow = samples(100, (index) => ({ cpuMs: index * 40, busy: false }));
    expect(judgeStandstill(slow, LIMITS)).toBeUndefined();
  });
});

test.each([
  ['sleep 600', 'idle', { cpuMs: 60_000, idleMs: 600 }],
  ['while :; do :; done', 'spins', { cpuMs: 300, idleMs: 60_000 }],
] as const)('%s %s', async (script, standstill, limits) => {
  const program = await start('sh', ['-c', script], { terminal: 'none' });
  try {
    const { signal } = new AbortController();
    expect(await awaitStandstill(program.pid, limits, signal)).toBe(standstill);
  } finally {
    await program.kill();
  }
});

test('a program that exits did not hang', async () => {
  const program = await start('sleep', ['0.3'], { terminal: 'none' });
  const { signal } = new AbortController();
  expect(await awaitStandstill(program.pid, LIMITS, signal)).toBeUndefined();
});
