import { defineConfig } from 'vitest/config';

/** Stories of updates: two machines at a time, on the two cores that CI has. */
export default defineConfig({
  test: {
    include: ['e2e/update/**/*.e2e.ts'],
    root: new URL('../..', import.meta.url).pathname,
    globalSetup: 'e2e/update/set-up.ts',
    maxWorkers: 2,
    testTimeout: 30 * 60_000,
    hookTimeout: 30 * 60_000,
  },
});
