import { join } from 'node:path';
import type { Step } from './step.ts';
import type { StepKeys } from './step-key.ts';

/** Where steps leave what they make. */
export interface Placement {
  /** `<step>/<its key>` for steps that are cached. */
  readonly cacheDirectory: string;
  /** `<step>` for the others. */
  readonly workDirectory: string;
  readonly keyOf: StepKeys;
}

/** The directory a step's outputs are found in; known before it ran. */
export function stepDirectory(step: Step<unknown>, placement: Placement): string {
  return step.cached
    ? join(placement.cacheDirectory, step.id, placement.keyOf(step))
    : join(placement.workDirectory, step.id);
}

/** What a step leaves, or left, behind. */
export function stepResult<Result>(step: Step<Result>, placement: Placement): Result {
  return step.result(stepDirectory(step, placement));
}
