import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Milliseconds. Far more than any test needs: none may fail because the machine is busy. What can go on
 * for ever is bounded by its own number of runs or by a wait that notices that nothing happens any more.
 */
const FAR = 20 * 60_000;

export default defineConfig({
  test: {
    include: ['packages/*/{src,bundle,test}/**/*.test.ts', 'e2e/{harness,oracle}/**/*.test.ts'],
    testTimeout: FAR,
    hookTimeout: FAR,
    expect: { poll: { timeout: FAR / 2 } },
    // Files share workers: one for each costs more than the tests of most files. So a test restores what
    // it changes in its process (umask, environment, working directory), and modules keep no state.
    isolate: false,
    // By default vitest leaves one core out; many tests wait for programs they started.
    maxWorkers: Math.max(2, availableParallelism()),
    restoreMocks: true,
  },
});
