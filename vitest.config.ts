import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const TESTS = ['packages/*/{src,bundle,test}/**/*.test.ts', 'e2e/{harness,oracle}/**/*.test.ts'];

/**
 * Files that replace a module need a worker that has not loaded the real one, and some say that they need
 * one for another reason. All others share workers, as one for each costs more than the tests of most
 * files. So a test restores what it changes in its process, and modules keep no state.
 */
const ALONE = /\bvi\.(?:mock|doMock|resetModules)\(|^\/\/ Needs a worker of its own:/m;
const alone = globSync(TESTS, { cwd: import.meta.dirname }).filter((path) =>
  ALONE.test(readFileSync(join(import.meta.dirname, path), 'utf8')),
);

/**
 * Milliseconds. Far more than any test needs: none may fail because the machine is busy. What may never
 * end is bounded by its own number of runs or by a wait that notices that nothing happens any more.
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
