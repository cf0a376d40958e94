import { defineConfig } from 'vitest/config';
import { workers } from './workers.ts';

/** Every story of updates on every firmware: hours without KVM, so not for CI. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    maxWorkers: workers(),
    include: ['e2e/update/**/*.{e2e,matrix}.ts'],
    globalSetup: 'e2e/update/matrix/set-up.ts',
    testTimeout: 30 * 60_000,
    hookTimeout: 30 * 60_000,
  },
});
