import { access, constants } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** Directories that a regular user's PATH lacks; they have sfdisk, mke2fs and mkfs.vfat. */
const SYSTEM_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * The PATH for outside programs: the user's, then the sbin directories it lacks.
 *
 * @example run("mke2fs", args, { env: { PATH: toolPath(context.env["PATH"]) } })
 */
export function toolPath(path: string | undefined): string {
  const own = (path ?? '/usr/local/bin:/usr/bin:/bin').split(':').filter((part) => part !== '');
  return [...own, ...SYSTEM_DIRECTORIES.filter((part) => !own.includes(part))].join(':');
}

/**
 * Path of a program (plain name, looked up on `path`) or file (absolute path); undefined if it is
 * missing, or a program that may not be executed.
 */
export async function findTool(name: string, path: string): Promise<string | undefined> {
  if (isAbsolute(name)) {
    return (await isAccessible(name, constants.R_OK)) ? name : undefined;
  }
  for (const directory of path.split(':')) {
    const candidate = join(directory, name);
    if (isAbsolute(directory) && (await isAccessible(candidate, constants.X_OK))) {
      return candidate;
    }
  }
  return undefined;
}

async function isAccessible(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
