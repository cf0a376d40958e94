import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import type { Step } from '../plan/step.ts';

/**
 * Bundles the agent into one file with the workspace's esbuild.
 *
 * @param sourcesDigest digest of all the bundle is made from.
 */
export function agentStep(root: string, sourcesDigest: string): Step<{ readonly bundle: string }> {
  const script = join(root, 'packages/ota-agent/build.ts');
  return {
    id: 'ota-agent',
    title: 'ota-agent bundle',
    inputs: { sourcesDigest },
    describe: () => [commandLine('node', ['packages/ota-agent/build.ts', 'ota-agent.mjs'])],
    async run(context) {
      await context.run(
        process.execPath,
        [script, join(context.outputDirectory, 'ota-agent.mjs')],
        {
          signal: context.signal,
          logFile: context.logFile,
        },
      );
    },
    result: (directory) => ({ bundle: join(directory, 'ota-agent.mjs') }),
  };
}
