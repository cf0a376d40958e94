import { beforeEach, onTestFailed } from 'vitest';

/**
 * vitest shows an error's message and stack; this prints its `why` too, such as the last lines of a
 * machine's console, without which a failure in CI cannot be understood.
 */
beforeEach(() => {
  onTestFailed(({ task }) => {
    for (const error of task.result?.errors ?? []) {
      if (typeof error['why'] === 'string') {
        console.error(`${error.message}: why\n${error['why']}`);
      }
    }
  });
});
