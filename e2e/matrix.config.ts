import { defineConfig } from 'vitest/config';
import { workers } from './workers.ts';

/**
 * Every story of updates on every firmware, all ways to install, and what else is too long for CI: hours
 * without KVM.
 */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    maxWorkers: workers(),
    include: ['e2e/{install,update}/**/*.{e2e,matrix}.ts', 'e2e/{remaster,stories}/**/*.matrix.ts'],
    setupFiles: 'e2e/print-why.ts',
    globalSetup: 'e2e/update/matrix/set-up.ts',
    testTimeout: 30 * 60_000,
    hookTimeout: 30 * 60_000,
  },
});
