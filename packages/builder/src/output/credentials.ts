import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { writeWhole } from '@micro-linux/core/files';
import { PRIVATE_MODE } from '../plan/private-file.ts';
import { keepOutOfGit } from '../system/git/keep-out-of-git.ts';
import { partialPath } from '../system/temporary/partial-file.ts';
import { CREDENTIALS_FILE } from './directories.ts';

/** How to log in to the system that a build made. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
  /** The build these belong to. */
  readonly build: string;
}

/**
 * Writes the credentials with mode 0600 from the first byte, and by rename. Git ignores the file.
 */
export async function writeCredentials(artifacts: string, credentials: Credentials): Promise<void> {
  const path = join(artifacts, CREDENTIALS_FILE);
  await keepOutOfGit(path, run);
  await writeWhole(
    path,
    `user: ${credentials.user}\npassword: ${credentials.password}\nbuild: ${credentials.build}\n`,
    { mode: PRIVATE_MODE, partial: partialPath(path) },
  );
}

/** Whether the file contains the credentials of a build. */
export async function hasCredentials(artifacts: string, build: string): Promise<boolean> {
  const text = await readFile(join(artifacts, CREDENTIALS_FILE), 'utf8').catch(() => '');
  return text.split('\n').includes(`build: ${build}`);
}
