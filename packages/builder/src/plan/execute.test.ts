import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Reporter, run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from './digest.ts';
import { type ExecuteOptions, executeStep, type StepTiming } from './execute.ts';
import type { Step } from './step.ts';

let directory: string;
let controller: AbortController;

const silent: Reporter = {
  info() {},
  warn() {},
  result() {},
  step: () => ({ progress() {}, done() {}, cached() {}, failed() {} }),
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'execute-'));
  controller = new AbortController();
});
afterEach(() => rm(directory, { recursive: true }));

function options(more: Partial<ExecuteOptions> = {}): ExecuteOptions {
  return {
    run,
    signal: controller.signal,
    reporter: silent,
    cacheDirectory: join(directory, 'cache'),
    workDirectory: join(directory, 'work'),
    logFile: join(directory, 'log'),
    fresh: false,
    keyOf: ({ inputs }) => digestOf(inputs),
    ...more,
  };
}

let runs = 0;
function step(inputs: object, work?: () => Promise<void>): Step<string> {
  return {
    id: 'one',
    title: 'one',
    code: [],
    needs: [],
    inputs,
    cached: 'a' in inputs,
    describe: () => [],
    async run({ outputDirectory }) {
      runs += 1;
      await writeFile(join(outputDirectory, 'out'), String(runs));
      await work?.();
    },
    result: (output) => join(output, 'out'),
  };
}

describe('executeStep', () => {
  it('does not rerun a step whose inputs did not change', async () => {
    const timings: StepTiming[] = [];
    const first = await executeStep(step({ a: 1, b: 2 }), options(), timings);
    const text = await readFile(first, 'utf8');
    const second = await executeStep(step({ b: 2, a: 1 }), options(), timings);
    expect(await readFile(second, 'utf8')).toBe(text);
    expect(timings.map(({ cached }) => cached)).toEqual([false, true]);
  });

  it('reruns it for other inputs, or on request', async () => {
    const timings: StepTiming[] = [];
    await executeStep(step({ a: 1 }), options(), timings);
    await executeStep(step({ a: 2 }), options(), timings);
    await executeStep(step({ a: 1 }), options({ fresh: true }), timings);
    expect(timings.map(({ cached }) => cached)).toEqual([false, false, false]);
  });

  it('never caches a step that must not be', async () => {
    await executeStep(step({}), options(), []);
    expect(await readdir(directory)).not.toContain('cache');
  });

  it('leaves nothing behind if a step fails', async () => {
    const failing = step({ a: 1 }, () => Promise.reject(new Error('no')));
    await expect(executeStep(failing, options(), [])).rejects.toThrow('no');
    expect(await readdir(join(directory, 'cache/one'))).toEqual([]);
  });

  it('leaves nothing behind if it is cancelled during a step', async () => {
    const cancelled = step({ a: 1 }, async () => controller.abort());
    await expect(executeStep(cancelled, options(), [])).rejects.toThrow();
    expect(await readdir(join(directory, 'cache/one'))).toEqual([]);
  });
});
