import { defineConfig } from 'vitest/config';
import { workers } from './workers.ts';

/** Milliseconds. A far limit: the waits themselves notice when nothing happens any more. */
const patience = { testTimeout: 3 * 3_600_000, hookTimeout: 3 * 3_600_000 };

/**
 * Every story of updates on every firmware, all ways to install, and what else is too long for CI: hours
 * without KVM. The devices for updates are prepared only if a story of an update runs.
 */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    maxWorkers: workers(),
    setupFiles: 'e2e/print-why.ts',
    projects: [
      {
        extends: true,
        test: {
          name: 'stories',
          include: [
            'e2e/install/**/*.{e2e,matrix}.ts',
            'e2e/{project,remaster,stories}/**/*.matrix.ts',
          ],
          ...patience,
        },
      },
      {
        extends: true,
        test: {
          name: 'updates',
          include: ['e2e/update/**/*.{e2e,matrix}.ts'],
          globalSetup: 'e2e/update/matrix/set-up.ts',
          ...patience,
        },
      },
    ],
  },
});
