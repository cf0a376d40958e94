import { appendFile, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MicroLinuxError, type Runner } from '@micro-linux/core';
import { exists } from '../files/exists.ts';

/** What became of a file that must never be committed. */
export type GitProtection =
  /** It lies in no git work tree. */
  | { readonly kind: 'not-in-git' }
  /** Git passes it over already. */
  | { readonly kind: 'ignored' }
  /** A line for it was added to this `.gitignore`. */
  | { readonly kind: 'added'; readonly file: string }
  /** `git add` would take it all the same: it is tracked, or a later rule brings it back. */
  | { readonly kind: 'not-ignored'; readonly why: string };

/**
 * Makes sure that `git add` does not take a file, which need not exist yet: in a work tree that does
 * not ignore it, its name is added to the `.gitignore` beside it.
 *
 * @param path absolute; its folder exists.
 */
export async function keepOutOfGit(path: string, run: Runner): Promise<GitProtection> {
  // Git looks at no path behind a symbolic link.
  const folder = await realpath(dirname(path));
  const name = basename(path);
  if (!(await isInWorkTree(folder))) {
    return { kind: 'not-in-git' };
  }
  if ((await isIgnored(folder, name, run)) === true) {
    return { kind: 'ignored' };
  }
  const file = join(folder, '.gitignore');
  const line = `/${escaped(name)}`;
  try {
    const before = await readIfThere(file);
    if (!before.split('\n').includes(line)) {
      await appendFile(file, `${before === '' || before.endsWith('\n') ? '' : '\n'}${line}\n`);
    }
  } catch (error) {
    return { kind: 'not-ignored', why: error instanceof Error ? error.message : String(error) };
  }
  return (await isIgnored(folder, name, run)) === false
    ? { kind: 'not-ignored', why: `git tracks ${name}, or a rule of ${file} brings it back` }
    : { kind: 'added', file };
}

/** A `.git` here or above: a directory, or a file in a worktree or submodule. */
async function isInWorkTree(folder: string): Promise<boolean> {
  for (let place = folder; ; place = dirname(place)) {
    if (await exists(join(place, '.git'))) {
      return true;
    }
    if (dirname(place) === place) {
      return false;
    }
  }
}

/** Undefined where git cannot tell: it is not installed, or it refuses the repository. */
async function isIgnored(folder: string, name: string, run: Runner): Promise<boolean | undefined> {
  try {
    const { exitCode } = await run('git', ['check-ignore', '--quiet', '--', name], {
      cwd: folder,
      okExitCodes: [0, 1],
    });
    return exitCode === 0;
  } catch (error) {
    if (error instanceof MicroLinuxError && /^tool-/.test(error.code)) {
      return undefined;
    }
    throw error;
  }
}

/** A name as a pattern of gitignore(5) that means this name alone. */
function escaped(name: string): string {
  return name.replace(/[\\*?[\]!# ]/g, '\\$&');
}

async function readIfThere(path: string): Promise<string> {
  return (await exists(path)) ? readFile(path, 'utf8') : '';
}
