import { defineConfig } from 'vitest/config';
import { LongFirst } from './long-first.ts';
import { workers } from './workers.ts';

/** Milliseconds: a busy host without KVM takes ten times what a quiet one does. */
const patience = { testTimeout: 30 * 60_000, hookTimeout: 30 * 60_000 };

/**
 * Stories that boot machines, build images or run the real tools. Each has directories and machines
 * of its own, so several are told at a time.
 */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    maxWorkers: workers(),
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'stories',
          include: ['e2e/**/*.e2e.ts'],
          exclude: ['e2e/update/**'],
          ...patience,
        },
      },
      {
        extends: true,
        test: {
          name: 'updates',
          include: ['e2e/update/**/*.e2e.ts'],
          globalSetup: 'e2e/update/set-up.ts',
          ...patience,
        },
      },
    ],
  },
});
