import { join } from 'node:path';
import type { Step } from './step.ts';
import type { StepKeys } from './step-key.ts';

/** Where steps put their outputs. */
export interface Placement {
  /** `<step>/<its key>` for steps that are cached. */
  readonly cacheDirectory: string;
  /** `<step>` for the others. */
  readonly workDirectory: string;
  readonly keyOf: StepKeys;
}

/** The directory of a step's outputs; known before it runs. */
export function stepDirectory(step: Step<unknown>, placement: Placement): string {
  return step.cached
    ? join(placement.cacheDirectory, step.id, placement.keyOf(step))
    : join(placement.workDirectory, step.id);
}

/** The outputs of a step, whether it has run or not. */
export function stepResult<Result>(step: Step<Result>, placement: Placement): Result {
  return step.result(stepDirectory(step, placement));
}
