import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import type { Step } from '../plan/step.ts';

/**
 * The Node binary the image carries: the pinned one the builder itself runs on, without its symbol
 * tables (126 → 108 MB).
 *
 * @param binary the pinned binary.
 * @param digest its SHA-256.
 */
export function nodeStep(binary: string, digest: string): Step<{ readonly node: string }> {
  return {
    id: 'node',
    title: 'Node for the image',
    inputs: { digest, strip: STRIP },
    describe: () => [commandLine('strip', [...STRIP, '-o', 'node', binary])],
    async run(context) {
      await context.run('strip', [...STRIP, '-o', join(context.outputDirectory, 'node'), binary], {
        signal: context.signal,
        logFile: context.logFile,
      });
    },
    result: (directory) => ({ node: join(directory, 'node') }),
  };
}

const STRIP = ['--strip-unneeded'];
