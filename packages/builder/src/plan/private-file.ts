import { chmod, rm, writeFile } from 'node:fs/promises';
import { commandLine } from '@micro-linux/core';

/** Mode of files that hold a login: whoever reads the hash of a password can guess at it. */
export const PRIVATE_MODE = 0o600;

/**
 * Makes an empty file that its owner alone may read, for a program to write into: so nobody else can
 * open it at any moment, whatever the umask is.
 */
export async function makePrivateFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, '', { mode: PRIVATE_MODE, flag: 'wx' });
  // The umask may have taken a right from the owner.
  await chmod(path, PRIVATE_MODE);
}

/** What {@link makePrivateFile} does, as a command that one can paste. */
export function privateFileCommand(path: string): string {
  return commandLine('install', ['-m', PRIVATE_MODE.toString(8), '/dev/null', path]);
}
