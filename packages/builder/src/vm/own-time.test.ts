import { type RunningProgram, start } from '@micro-linux/core';
import { afterEach, expect, test } from 'vitest';
import { ownTime, timeOf, wallTime } from './own-time.ts';

const at = (cpuMs: number, busy: boolean) => ({ cpuMs, busy });

test('a working program uses up its processor time', () => {
  expect(ownTime(at(100, true), at(1100, true), 1000)).toBe(1000);
  // Two processors.
  expect(ownTime(at(100, true), at(2100, true), 1000)).toBe(2000);
});

test('a program waiting for a processor uses up no time', () => {
  expect(ownTime(at(100, true), at(100, true), 1000)).toBe(0);
  expect(ownTime(at(100, true), at(110, true), 60_000)).toBe(10);
});

test('an idle program uses up elapsed time, but not time that was not observed', () => {
  expect(ownTime(at(100, true), at(100, false), 1000)).toBe(1000);
  expect(ownTime(at(100, false), at(100, false), 600_000)).toBe(2000);
});

let program: RunningProgram | undefined;
afterEach(() => program?.kill());

const expires = (script: string, ms: number) =>
  new Promise<string>((resolve, reject) => {
    start('sh', ['-c', script], { terminal: 'none' })
      .then((started) => {
        program = started;
        timeOf(started.pid)(ms, () => resolve('expired'));
      })
      .catch(reject);
  });

test.each(['exec sleep 600', 'while :; do :; done'])(
  'the time of `%s` runs out',
  async (script) => {
    expect(await expires(script, 300)).toBe('expired');
  },
);

test('a timer can restart, and does nothing after its end', async () => {
  program = await start('sleep', ['600'], { terminal: 'none' });
  let expired = 0;
  for (const startTimer of [wallTime, timeOf(program.pid)]) {
    const timer = startTimer(200, () => {
      expired += 1;
    });
    timer.refresh();
    timer.end();
  }
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(expired).toBe(0);
});
