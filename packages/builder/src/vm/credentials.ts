import { readFile } from 'node:fs/promises';
import { MicroLinuxError } from '@micro-linux/core';

/** The user the builder made, as credentials.txt has it. Never print the password. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * Reads the file the builder leaves beside an image: lines `user: NAME` and `password: TEXT`.
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

/** The credentials in a text, or undefined when a line is missing; pure. */
export function parseCredentials(text: string): Credentials | undefined {
  const user = /^user: *(\S+)\s*$/m.exec(text)?.[1];
  // A password may have spaces in it, but not around it.
  const password = /^password: *(\S|\S.*\S)\s*$/m.exec(text)?.[1];
  return user === undefined || password === undefined ? undefined : { user, password };
}
