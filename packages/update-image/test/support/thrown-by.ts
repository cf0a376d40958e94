import { MicroLinuxError } from '@micro-linux/core';

/**
 * The error that `action` throws or rejects with; fails for any error that is not a
 * MicroLinuxError.
 */
export async function thrownBy(action: () => unknown): Promise<MicroLinuxError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof MicroLinuxError) {
      return error;
    }
    throw error;
  }
  throw new Error('expected an error, nothing was thrown');
}
