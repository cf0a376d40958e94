import type { RunBuildOptions } from '../build/run-build.ts';

/** Options of `update`, as parsed by commander. */
export interface UpdateOptions extends RunBuildOptions {
  readonly slotImage?: string;
  readonly output?: string;
}
