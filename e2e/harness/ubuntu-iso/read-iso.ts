import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Runner } from '@micro-linux/core';

/** xorriso's description of what boots an ISO. */
export async function bootReport(iso: string, run: Runner): Promise<string> {
  return (await run('xorriso', ['-indev', iso, '-report_el_torito', 'as_mkisofs'])).stdout;
}

/** Unpacks an ISO; gives the SHA-256 of each file by its path from the root. */
export async function unpackIso(
  iso: string,
  directory: string,
  run: Runner,
): Promise<ReadonlyMap<string, string>> {
  await run('xorriso', ['-osirrox', 'on', '-indev', iso, '-extract', '/', directory]);
  // Read-only directories cannot be removed again but by root.
  await run('chmod', ['-R', 'u+w', directory]);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async ({ parentPath, name }): Promise<[string, string]> => {
        const path = join(parentPath, name);
        const sum = createHash('sha256')
          .update(await readFile(path))
          .digest('hex');
        return [relative(directory, path), sum];
      }),
    ),
  );
}
