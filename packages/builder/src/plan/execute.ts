import { rename, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Reporter, type Runner, toMicroLinuxError } from '@micro-linux/core';
import { exists } from '../system/files/exists.ts';
import { makeFolder } from '../system/files/make-folder.ts';
import { makeOwnFolder } from '../system/temporary/own-folder.ts';
import { removeTree } from '../system/userns/remove-tree.ts';
import type { Step } from './step.ts';
import { type Placement, stepDirectory } from './step-directory.ts';

/** The environment of steps. */
export interface ExecuteOptions extends Placement {
  readonly run: Runner;
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
  readonly logFile: string;
  /** Run every step, even if its result is in the cache. */
  readonly fresh: boolean;
}

/** How a step ended, for build.json. */
export interface StepTiming {
  readonly id: string;
  readonly seconds: number;
  readonly cached: boolean;
}

/**
 * Runs one step, or reuses its result from the cache if the key is the same. Outputs appear by
 * rename, so a reader never sees partial outputs.
 *
 * @throws what the step throws; its partial outputs are removed first.
 */
export async function executeStep<Result>(
  step: Step<Result>,
  options: ExecuteOptions,
  timings: StepTiming[],
): Promise<Result> {
  options.signal.throwIfAborted();
  const startedAt = performance.now();
  const finish = (cached: boolean) => {
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    timings.push({ id: step.id, seconds, cached });
  };
  const final = stepDirectory(step, options);

  const reporter = options.reporter.step(step.title);
  if (step.cached && !options.fresh && (await exists(final))) {
    const now = new Date();
    await utimes(final, now, now);
    finish(true);
    reporter.cached(await step.cachedNote?.(final));
    return step.result(final);
  }
  const parent = dirname(final);
  await makeFolder(parent);
  const outputDirectory = await makeOwnFolder(parent, '.new-', options.run);
  try {
    await step.run({
      run: options.run,
      signal: options.signal,
      progress: (progress) => reporter.progress(progress),
      logFile: options.logFile,
      outputDirectory,
      workDirectory: options.workDirectory,
    });
    options.signal.throwIfAborted();
    await removeTree(final, options.run);
    await rename(outputDirectory, final);
    finish(false);
    reporter.done();
    return step.result(final);
  } catch (thrown) {
    reporter.failed();
    // The next run removes what is left.
    await removeTree(outputDirectory, options.run).catch(() => undefined);
    throw toMicroLinuxError(thrown);
  }
}
