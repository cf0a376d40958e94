import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listeningReporter } from '../keys/testing.ts';
import { inOrder } from './in-order.ts';
import { stepRunner } from './run-steps.ts';
import type { Step, StepContext } from './step.ts';
import { stepKeys } from './step-key.ts';
import { testStep } from './testing.ts';

let directory: string;
let controller: AbortController;
let events: string[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-steps-'));
  controller = new AbortController();
  events = [];
});
afterEach(() => rm(directory, { recursive: true }));

const runner = () =>
  stepRunner({
    ...{ run, signal: controller.signal, reporter: listeningReporter(), fresh: false },
    cacheDirectory: join(directory, 'cache'),
    workDirectory: join(directory, 'work'),
    keyOf: stepKeys((code) => code.join()),
    logFile: join(directory, 'log'),
  });

/** A step that records when it begins and ends; `work` runs in between. */
function step(
  id: string,
  needs: readonly Step<unknown>[] = [],
  work: (context: StepContext) => Promise<void> = async () => {},
): Step<string> {
  return testStep(id, {
    needs,
    async run(context) {
      events.push(`${id} begins`);
      await work(context);
      events.push(`${id} ends`);
    },
  });
}

/** Ends when it is cancelled, after some cleanup. */
async function untilCancelled({ signal }: StepContext): Promise<void> {
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  events.push('cleaned up');
  throw signal.reason;
}

it('runs the needs of a step before it, and each step once', async () => {
  const a = step('a');
  const [b, c] = [step('b', [a]), step('c', [a])];
  const d = step('d', [b, c]);
  const steps = runner();
  await steps.run([d]);
  await steps.run([d, a]);
  expect(steps.timings.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(events.slice(0, 2)).toEqual(['a begins', 'a ends']);
  expect(events.slice(-2)).toEqual(['d begins', 'd ends']);
});

it('runs two independent steps in parallel', async () => {
  const { promise: both, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  const meet = async () => {
    waiting += 1;
    if (waiting === 2) {
      resolve();
    }
    await both;
  };
  await runner().run([step('a', [], meet), step('b', [], meet)]);
  expect(events.slice(0, 2).sort()).toEqual(['a begins', 'b begins']);
});

it('cancels the others if one fails, and waits until they have cleaned up', async () => {
  const fails = step('fails', [], async () => {
    throw new Error('no room');
  });
  const never = step('never', [fails]);
  const long = step('long', [], untilCancelled);
  await expect(runner().run([long, never])).rejects.toThrow('no room');
  expect(events).toContain('cleaned up');
  expect(events).not.toContain('never begins');
});

it('fails with the reason for the cancellation after all have ended', async () => {
  const long = step('long', [], untilCancelled);
  const other = step('other', [], async (context) => {
    controller.abort(new Error('cancelled by SIGINT'));
    await untilCancelled(context);
  });
  const running = runner().run([long, other, step('later', [long])]);
  await expect(running).rejects.toThrow('cancelled by SIGINT');
  expect(events.filter((event) => event === 'cleaned up')).toHaveLength(2);
  expect(events).not.toContain('later begins');
});

it('skips existing results and what only they need', async () => {
  const payload = step('payload');
  const update = step('update', [payload]);
  await writeFile(join(directory, 'update'), '');
  await runner().run([step('iso', [update])], ['update']);
  expect(events).toEqual(['iso begins', 'iso ends']);
});

it('lists steps after what they need', () => {
  const a = step('a');
  const b = step('b', [a]);
  expect(inOrder([step('c', [b, a]), b]).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

it('a key depends on code, inputs and the keys of needs; a known result digest replaces them', () => {
  const keyOf = stepKeys((code) => code.join());
  const agent = (code: string, outcome?: string) =>
    testStep('agent', { code: [code], ...(outcome === undefined ? {} : { outcome }) });
  const slot = (one: Step<string>, inputs = {}) =>
    keyOf(testStep('slot', { needs: [one], inputs }));
  expect(slot(agent('a'))).toBe(slot(agent('a')));
  expect(slot(agent('a'))).not.toBe(slot(agent('b')));
  expect(slot(agent('a'), { uuid: 1 })).not.toBe(slot(agent('a')));
  expect(slot(agent('a', 'same bytes'))).toBe(slot(agent('b', 'same bytes')));
  expect(slot(agent('a', 'same bytes'))).not.toBe(slot(agent('a', 'other bytes')));
});
