import { rm } from 'node:fs/promises';
import type { Runner } from '@micro-linux/core';
import { runAsNamespaceRoot } from './user-namespace.ts';

/** Removes a directory, including files that belong to subordinate ids of a user namespace. */
export async function removeTree(path: string, run: Runner): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    await runAsNamespaceRoot(run, 'rm', ['-rf', '--one-file-system', '--', path], {});
  }
}
