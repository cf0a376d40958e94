import { chmod, rm, writeFile } from 'node:fs/promises';
import { commandLine } from '@micro-linux/core';

/** Mode of files that hold a login: a password can be guessed from its hash. */
export const PRIVATE_MODE = 0o600;

/**
 * Creates an empty file that only its owner may read, for a program to write to. Other users can
 * never open it, whatever the umask is.
 */
export async function makePrivateFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, '', { mode: PRIVATE_MODE, flag: 'wx' });
  // The umask may have removed a permission of the owner.
  await chmod(path, PRIVATE_MODE);
}

/** What {@link makePrivateFile} does, as a command that one can paste. */
export function privateFileCommand(path: string): string {
  return commandLine('install', ['-m', PRIVATE_MODE.toString(8), '/dev/null', path]);
}
