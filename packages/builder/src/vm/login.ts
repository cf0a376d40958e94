import { dirname, join } from 'node:path';
import { CREDENTIALS_FILE } from '../output/directories.ts';
import { readCredentials } from './credentials.ts';
import type { SshLogin } from './ssh-arguments.ts';

/** How the user wants to log in. */
export interface LoginChoice {
  readonly image: string;
  /** A private key; the generated password by default. */
  readonly identity?: string | undefined;
  /** The user in credentials.txt by default. */
  readonly user?: string | undefined;
}

/**
 * The login for an image: the key, if given, and credentials.txt in the image's folder. With both,
 * the password is for sudo.
 *
 * @throws MicroLinuxError `credentials-missing`, `credentials-invalid`.
 */
export async function loginFor({ image, identity, user }: LoginChoice): Promise<SshLogin> {
  const file = credentialsBeside(image);
  if (identity === undefined) {
    const { user: known, password } = await readCredentials(file);
    return { user: user ?? known, password };
  }
  if (user === undefined) {
    return { ...(await readCredentials(file)), identity };
  }
  const found = await readCredentials(file).catch(() => undefined);
  return { user, identity, ...(found?.user === user && { password: found.password }) };
}

/** Path of a build's credentials for an image. */
export function credentialsBeside(image: string): string {
  return join(dirname(image), CREDENTIALS_FILE);
}
