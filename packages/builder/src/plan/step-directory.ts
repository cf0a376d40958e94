import { join } from 'node:path';
import { digestOf } from './digest.ts';
import type { Step } from './step.ts';

/** Where steps leave what they make. */
export interface Placement {
  /** `<step>/<digest of its inputs>` for steps that may be cached. */
  readonly cacheDirectory: string;
  /** `<step>` for the others. */
  readonly workDirectory: string;
}

/** The directory a step's outputs are found in; known before it ran. */
export function stepDirectory(step: Step<unknown>, placement: Placement): string {
  return step.inputs
    ? join(placement.cacheDirectory, step.id, digestOf(step.inputs))
    : join(placement.workDirectory, step.id);
}
