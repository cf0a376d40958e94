import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeEntry } from '@micro-linux/provision';

/**
 * The files below a directory as entries of a tree: owner root, executable bit kept.
 *
 * @param under target path in the tree, e.g. `/`.
 */
export async function collectTree(directory: string, under = '/'): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  for (const found of await readdir(directory, { withFileTypes: true })) {
    const from = join(directory, found.name);
    const path = join(under, found.name);
    if (found.isDirectory()) {
      entries.push({ kind: 'directory', path }, ...(await collectTree(from, path)));
    } else {
      const executable = ((await stat(from)).mode & 0o100) !== 0;
      entries.push({ kind: 'file', path, mode: executable ? 0o755 : 0o644, content: { from } });
    }
  }
  return entries;
}

/** SHA-256 of a tree: paths, owners, modes, contents. For cache keys. */
export async function treeDigest(entries: readonly TreeEntry[]): Promise<string> {
  const hash = createHash('sha256');
  for (const entry of [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const content =
      entry.kind === 'file' && typeof entry.content !== 'string'
        ? createHash('sha256')
            .update(await readFile(entry.content.from))
            .digest('hex')
        : undefined;
    hash.update(`${JSON.stringify(content === undefined ? entry : { ...entry, content })}\n`);
  }
  return hash.digest('hex');
}
