import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '@micro-linux/core';
import type { FileProblem } from './problem-list.ts';

/** A file, directory or link of a folder of this host. */
export interface FoundFile {
  readonly kind: 'file' | 'directory' | 'link';
  /** In the image: the folder itself is `/`. */
  readonly path: string;
  /** On this host. */
  readonly source: string;
  /** Permission bits with setuid, setgid and sticky; of a link without a meaning. */
  readonly mode: number;
  /** Of a link. */
  readonly target: string;
}

export interface FoundFiles {
  readonly files: readonly FoundFile[];
  readonly problems: readonly FileProblem[];
}

/** Placeholders: git keeps no empty folders, and Finder leaves its own file in every folder. */
const LEFT_OUT = new Set(['.gitkeep', '.DS_Store']);

/** Would put the history of a repository, with all that was ever deleted from it, on every device. */
const HISTORIES = new Set(['.git', '.hg', '.svn']);

/**
 * Everything below a folder, except {@link LEFT_OUT}. Links are not followed. Two names of one file
 * (hard links) are two files.
 */
export async function readFolder(folder: string): Promise<FoundFiles> {
  const files: FoundFile[] = [];
  const problems: FileProblem[] = [];
  async function walk(directory: string, under: string): Promise<void> {
    let names: Buffer[];
    try {
      // As bytes: a name that is not UTF-8 would become another name.
      names = await readdir(directory, { encoding: 'buffer' });
    } catch (error) {
      problems.push({ what: reasonOf(error), fix: `chmod u+rx ${directory}` });
      return;
    }
    for (const bytes of names.sort(Buffer.compare)) {
      const name = textOf(bytes);
      if (name === undefined) {
        const shown = JSON.stringify(bytes.toString('utf8'));
        problems.push({
          what: `${join(directory, shown)} has a control character in its name, or is not UTF-8`,
          fix: 'rename it',
        });
      } else if (HISTORIES.has(name)) {
        problems.push({
          what: `${join(directory, name)} would put the history of a repository on every device`,
          fix: 'copy the files without it',
        });
      } else if (!LEFT_OUT.has(name)) {
        await add(join(directory, name), join(under, name));
      }
    }
  }
  async function add(source: string, path: string): Promise<void> {
    const info = await lstat(source);
    const common = { path, source, mode: info.mode & 0o7777, target: '' };
    if (info.isDirectory()) {
      files.push({ kind: 'directory', ...common });
      await walk(source, path);
    } else if (info.isSymbolicLink()) {
      files.push({ kind: 'link', ...common, target: await readlink(source) });
    } else if (info.isFile()) {
      files.push({ kind: 'file', ...common });
    } else {
      const kind = info.isFIFO() ? 'a named pipe' : info.isSocket() ? 'a socket' : 'a device node';
      problems.push({
        what: `${source} is ${kind}`,
        fix: `let systemd-tmpfiles make it at boot: a line in /usr/lib/tmpfiles.d/NAME.conf`,
      });
    }
  }
  await walk(folder, '/');
  return { files, problems };
}

/** A name as text; undefined if it has control characters or is not UTF-8. */
function textOf(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  return /\p{Cc}/u.test(text) || !Buffer.from(text).equals(bytes) ? undefined : text;
}
