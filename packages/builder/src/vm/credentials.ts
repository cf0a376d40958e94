import { readFile } from 'node:fs/promises';
import { MicroLinuxError } from '@micro-linux/core';

/** The user from credentials.txt. Never print the password. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * Reads the file that the builder writes next to an image: lines `user: NAME` and `password: TEXT`.
 *
 * @throws MicroLinuxError `credentials-missing` (no such file), `credentials-invalid`.
 */
export async function readCredentials(path: string): Promise<Credentials> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new MicroLinuxError({
      code: 'credentials-missing',
      message: `no credentials next to the image: ${path} cannot be read`,
      why: error instanceof Error ? error.message : undefined,
      hint: 'name a key that the image accepts: --identity KEY --user NAME',
      cause: error,
    });
  }
  const credentials = parseCredentials(text);
  if (!credentials) {
    throw new MicroLinuxError({
      code: 'credentials-invalid',
      message: `${path} has no "user:" or no "password:" line`,
      hint: 'build the image again: the build writes that file',
    });
  }
  return credentials;
}

/** The credentials in a text, or undefined if a line is missing. Pure. */
export function parseCredentials(text: string): Credentials | undefined {
  const user = /^user: *(\S+)\s*$/m.exec(text)?.[1];
  // A password may contain spaces, but not start or end with them.
  const password = /^password: *(\S|\S.*\S)\s*$/m.exec(text)?.[1];
  return user === undefined || password === undefined ? undefined : { user, password };
}
