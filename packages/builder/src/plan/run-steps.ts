import pLimit from 'p-limit';
import { type ExecuteOptions, executeStep, type StepTiming } from './execute.ts';
import type { Step } from './step.ts';
import { stepDirectory } from './step-directory.ts';

/** Number of steps at a time: most programs they start use one core, and two share a disk well. */
const SIDE_BY_SIDE = 2;

/** Runs steps of a plan, each at most once. */
export interface StepRunner {
  /**
   * Runs the steps and all they need, in parallel if they do not depend on each other. If one
   * fails, the others are cancelled. Returns when all have ended.
   *
   * @param ready ids of steps whose results exist already: these are not run, nor steps that only
   *   they need.
   * @throws what the first step that failed throws.
   */
  readonly run: (targets: readonly Step<unknown>[], ready?: readonly string[]) => Promise<void>;
  /** The outcome of each step, in the order in which they ended. */
  readonly timings: readonly StepTiming[];
}

export function stepRunner(options: ExecuteOptions): StepRunner {
  const timings: StepTiming[] = [];
  const limit = pLimit(SIDE_BY_SIDE);
  const started = new Map<string, Promise<void>>();

  async function run(targets: readonly Step<unknown>[], ready: readonly string[] = []) {
    const failed = new AbortController();
    const signal = AbortSignal.any([options.signal, failed.signal]);
    let failure: { readonly thrown: unknown } | undefined;

    async function finish(step: Step<unknown>): Promise<void> {
      await Promise.all(step.needs.map(start));
      await limit(async () => {
        try {
          await executeStep(step, { ...options, signal }, timings);
        } catch (thrown) {
          failure ??= { thrown };
          failed.abort(thrown);
          throw thrown;
        }
      });
    }

    function start(step: Step<unknown>): Promise<void> {
      if (ready.includes(step.id)) {
        return Promise.resolve();
      }
      const directory = stepDirectory(step, options);
      const running = started.get(directory) ?? finish(step);
      started.set(directory, running);
      return running;
    }

    await Promise.allSettled(targets.map(start));
    // A step that waits for a failed one ends at once; a running one ends after its cleanup.
    await Promise.allSettled(started.values());
    if (failure) {
      throw failure.thrown;
    }
  }

  return { run, timings };
}
