import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { writeWhole } from '@micro-linux/core/files';
import { PRIVATE_MODE } from '../plan/private-file.ts';
import { keepOutOfGit } from '../system/git/keep-out-of-git.ts';
import { partialPath } from '../system/temporary/partial-file.ts';

/** Name of the file in the artifacts directory; git-ignored. */
export const CREDENTIALS_FILE = 'credentials.txt';

/** How to log in to what a build made. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
  /** The build these belong to. */
  readonly build: string;
}

/**
 * Writes the credentials for the owner's eyes only: mode 0600 from its first byte on, by rename. Git
 * ignores the file.
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

/** Whether the file holds the credentials of a build. */
export async function hasCredentials(artifacts: string, build: string): Promise<boolean> {
  const text = await readFile(join(artifacts, CREDENTIALS_FILE), 'utf8').catch(() => '');
  return text.split('\n').includes(`build: ${build}`);
}
