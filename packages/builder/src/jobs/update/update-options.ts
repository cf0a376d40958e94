import type { RunBuildOptions } from '../build/run-build.ts';

/** Options of `update`, as commander hands them over. */
export interface UpdateOptions extends RunBuildOptions {
  readonly slotImage?: string;
  readonly output?: string;
}
