import { GrubEnvError } from '../src/grubenv-error.ts';

/** The GrubEnvError that `action` throws; fails the test if it throws something else or nothing. */
export function thrownBy(action: () => unknown): GrubEnvError {
  try {
    action();
  } catch (error) {
    if (error instanceof GrubEnvError) {
      return error;
    }
    throw error;
  }
  throw new Error('expected a GrubEnvError, nothing was thrown');
}
