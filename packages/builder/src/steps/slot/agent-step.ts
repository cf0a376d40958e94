import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step } from '../../plan/step.ts';

export interface BuiltAgent {
  readonly bundle: string;
  /** V8's code cache of the bundle: a command starts 24 ms sooner. */
  readonly codeCache: string;
}

export interface AgentStepOptions {
  /** The checkout. */
  readonly root: string;
  /** Digest of the lockfile: external packages are bundled, too. */
  readonly lockDigest: string;
  /** SHA-256 of the bundle, once it is known: see `agentBundleDigest`. */
  readonly bundleDigest?: string | undefined;
}

const SCRIPT = 'packages/ota-agent/bundle/build-agent.ts';

/** Bundles the agent into one file with the workspace's esbuild. */
export function agentStep({ root, lockDigest, bundleDigest }: AgentStepOptions): Step<BuiltAgent> {
  const command = (directory: string) => [join(root, SCRIPT), join(directory, 'ota-agent.mjs')];
  return {
    id: 'ota-agent',
    title: 'ota-agent bundle',
    code: [
      ownPath(import.meta.filename),
      SCRIPT,
      'packages/ota-agent/bundle/compile.ts',
      'packages/ota-agent/src/bin.ts',
    ],
    needs: [],
    inputs: {
      lock: lockDigest,
      // It compiles the code cache.
      node: process.version,
    },
    cached: true,
    ...(bundleDigest === undefined ? {} : { outcome: bundleDigest }),
    describe: (directory) => [commandLine(process.execPath, command(directory))],
    async run(context) {
      await context.run(process.execPath, command(context.outputDirectory), {
        signal: context.signal,
        logFile: context.logFile,
      });
    },
    result: (directory) => ({
      bundle: join(directory, 'ota-agent.mjs'),
      codeCache: join(directory, 'ota-agent.cache'),
    }),
  };
}
