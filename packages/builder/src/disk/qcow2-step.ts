import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import { makePrivateFile } from '../plan/private-file.ts';
import type { Step } from '../plan/step.ts';

/** Compresses the disk into a qcow2 (zstd clusters: QEMU ≥ 5.1). */
export function qcow2Step(disk: string, name: string): Step<{ readonly image: string }> {
  return {
    id: 'qcow2',
    title: 'compressed qcow2',
    inputs: undefined,
    describe: () => [commandLine('qemu-img', convertArguments(disk, name))],
    async run(context) {
      const image = join(context.outputDirectory, name);
      // The data partition in it holds the hash of a password.
      await makePrivateFile(image);
      await context.run('qemu-img', convertArguments(disk, image), {
        signal: context.signal,
        logFile: context.logFile,
      });
    },
    result: (directory) => ({ image: join(directory, name) }),
  };
}

function convertArguments(from: string, to: string): readonly string[] {
  // Out-of-order writes with several workers: compressing uses all cores.
  const speed = ['-m', '8', '-W'];
  const format = ['-c', '-o', 'compression_type=zstd,cluster_size=1M'];
  return ['convert', '-f', 'raw', '-O', 'qcow2', ...speed, ...format, from, to];
}
