import { chmod, copyFile, lchown, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeEntry } from '@micro-linux/provision';

/** A file gets its final owner and permissions last, so that nobody else can read it earlier. */
const PRIVATE = 0o600;

/**
 * Creates files, directories and links in a directory, with the given owner and mode; only root can
 * set another owner.
 */
export async function writeTree(root: string, entries: readonly TreeEntry[]): Promise<void> {
  for (const entry of entries) {
    const path = join(root, entry.path);
    if (entry.kind === 'directory') {
      await mkdir(path, { recursive: true });
    } else if (entry.kind === 'link') {
      await symlink(entry.target, path);
    } else if (typeof entry.content === 'string') {
      await writeFile(path, entry.content, { mode: PRIVATE, flag: 'wx' });
    } else {
      await copyFile(entry.content.from, path);
    }
    await lchown(path, entry.uid ?? 0, entry.gid ?? 0);
    if (entry.kind !== 'link') {
      await chmod(path, entry.mode ?? (entry.kind === 'directory' ? 0o755 : 0o644));
    }
  }
}
