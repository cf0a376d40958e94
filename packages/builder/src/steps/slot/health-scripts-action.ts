import { lstat, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { WhereIs } from '../../config/where-is.ts';
import { ownPath } from '../../plan/code/own-path.ts';
import { HEALTH_DIRECTORY, interpretersOf } from '../../product/agent.ts';
import type { TreeAction } from './slot-step.ts';

const PROGRAM_FOLDERS = ['usr/local/sbin', 'usr/local/bin', 'usr/sbin', 'usr/bin', 'sbin', 'bin'];

/** Longer first lines are truncated by the kernel. */
const FIRST_LINE_BYTES = 256;

/** Refuses health checks whose interpreter is not in the image: they would fail on every boot. */
export function healthScriptsAction(scripts: readonly string[], whereIs: WhereIs): TreeAction {
  return {
    inputs: { scripts: scripts.map((path) => basename(path)) },
    code: [ownPath(import.meta.filename)],
    describe: () => [],
    async run(tree) {
      for (const [index, path] of scripts.entries()) {
        const script = join(tree, HEALTH_DIRECTORY, basename(path));
        for (const program of interpretersOf(await startOf(script))) {
          if (!(await isIn(tree, program))) {
            const where = whereIs(['agent', 'health', 'scripts', index]);
            throw new MicroLinuxError({
              code: 'never-healthy',
              message: `${where === undefined ? '' : `${where}: `}agent.health.scripts: the image has no ${program}, which runs ${basename(path)}`,
              why: 'the check would fail on every boot, so the device would never become healthy',
              hint: 'add its package under packages.add, or write the check for /bin/sh',
              exitCode: ExitCode.usage,
              details: { script: path, program },
            });
          }
        }
      }
    },
  };
}

async function startOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FIRST_LINE_BYTES));
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function isIn(tree: string, program: string): Promise<boolean> {
  const paths = program.startsWith('/')
    ? [program]
    : PROGRAM_FOLDERS.map((folder) => join(folder, program));
  for (const path of paths) {
    // A link may lead to an absolute path, which is not that of the host.
    if (await lstat(join(tree, path)).catch(() => undefined)) {
      return true;
    }
  }
  return false;
}
