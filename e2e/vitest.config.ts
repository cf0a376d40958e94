import { defineConfig } from 'vitest/config';
import { LongFirst } from './long-first.ts';
import { workers } from './workers.ts';

/** Milliseconds. A far limit: the waits themselves notice when nothing happens any more. */
const patience = { testTimeout: 3 * 3_600_000, hookTimeout: 3 * 3_600_000 };

/**
 * Stories that boot machines, build images or run the real tools. Each has directories and machines
 * of its own, so several run at once.
 */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    maxWorkers: workers(),
    sequence: { sequencer: LongFirst },
    setupFiles: 'e2e/print-why.ts',
    projects: [
      {
        extends: true,
        test: {
          name: 'stories',
          // No `exclude` here: it would replace the one on the command line.
          include: [
            'e2e/{docs,grub-states,grubenv,harness,install,project,remaster,stories,ubuntu-iso}/**/*.e2e.ts',
          ],
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
