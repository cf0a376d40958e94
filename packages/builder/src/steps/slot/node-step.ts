import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step } from '../../plan/step.ts';

/**
 * The Node binary the image carries: the pinned one the builder itself runs on, without its symbol
 * tables (126 → 108 MB).
 *
 * @param binary the pinned binary.
 * @param digest its SHA-256.
 */
export function nodeStep(binary: string, digest: string): Step<{ readonly node: string }> {
  const command = (directory: string) => [...STRIP, '-o', join(directory, 'node'), binary];
  return {
    id: 'node',
    title: 'Node for the image',
    code: [ownPath(import.meta.filename)],
    needs: [],
    inputs: { digest },
    cached: true,
    describe: (directory) => [commandLine('strip', command(directory))],
    async run(context) {
      await context.run('strip', command(context.outputDirectory), {
        signal: context.signal,
        logFile: context.logFile,
      });
    },
    result: (directory) => ({ node: join(directory, 'node') }),
  };
}

const STRIP = ['--strip-unneeded'];
