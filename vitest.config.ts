import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const TESTS = ['packages/*/{src,bundle,test}/**/*.test.ts', 'e2e/{harness,oracle}/**/*.test.ts'];

/**
 * Files that replace a module: each needs a worker that has not loaded the real one. All others share
 * workers, as one for each costs more than the tests of most files. So a test restores what it changes
 * in its process (umask, environment, working directory), and modules keep no state.
 */
const alone = globSync(TESTS, { cwd: import.meta.dirname }).filter((path) =>
  /\bvi\.(?:mock|doMock|resetModules)\(/.test(
    readFileSync(`${import.meta.dirname}/${path}`, 'utf8'),
  ),
);

/**
 * Milliseconds. Far more than any test needs: none may fail because the machine is busy. What can go on
 * for ever is bounded by its own number of runs or by a wait that notices that nothing happens any more.
 */
const FAR = 20 * 60_000;

export default defineConfig({
  test: {
    testTimeout: FAR,
    hookTimeout: FAR,
    expect: { poll: { timeout: FAR / 2 } },
    // By default vitest leaves one core out; many tests wait for programs they started.
    maxWorkers: Math.max(2, availableParallelism()),
    restoreMocks: true,
    projects: [
      { extends: true, test: { name: 'shared', include: TESTS, exclude: alone, isolate: false } },
      { extends: true, test: { name: 'alone', include: alone, isolate: true } },
    ],
  },
});
