import { appendFile, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MicroLinuxError, type Runner } from '@micro-linux/core';
import { exists } from '../files/exists.ts';

/** How a file is kept out of git. */
export type GitProtection =
  /** It is not in a git work tree. */
  | { readonly kind: 'not-in-git' }
  /** Git ignores it already. */
  | { readonly kind: 'ignored' }
  /** A line for it was added to this `.gitignore`. */
  | { readonly kind: 'added'; readonly file: string }
  /** `git add` would add it anyway: it is tracked, or a later rule includes it again. */
  | { readonly kind: 'not-ignored'; readonly why: string };

/**
 * Makes `git add` skip a file, which need not exist yet. If the work tree does not ignore it, adds
 * its name to the `.gitignore` in the same folder.
 *
 * @param path absolute; its folder exists.
 */
export async function keepOutOfGit(path: string, run: Runner): Promise<GitProtection> {
  // Git does not follow symbolic links.
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
    ? { kind: 'not-ignored', why: `git tracks ${name}, or a rule of ${file} includes it again` }
    : { kind: 'added', file };
}

/** A `.git` in this folder or a parent: a directory, or a file in a worktree or submodule. */
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

/** Undefined if git is not installed or refuses the repository. */
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

/** A gitignore(5) pattern that matches only this name. */
function escaped(name: string): string {
  return name.replace(/[\\*?[\]!# ]/g, '\\$&');
}

async function readIfThere(path: string): Promise<string> {
  return (await exists(path)) ? readFile(path, 'utf8') : '';
}
