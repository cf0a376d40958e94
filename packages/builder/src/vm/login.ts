import { dirname, join } from 'node:path';
import { CREDENTIALS_FILE } from '../output/credentials.ts';
import { readCredentials } from './credentials.ts';
import type { SshLogin } from './ssh-arguments.ts';

/** How the user wants to log in. */
export interface LoginChoice {
  readonly image: string;
  /** A private key; without one the generated password. */
  readonly identity?: string | undefined;
  /** Without one the user in credentials.txt. */
  readonly user?: string | undefined;
}

/**
 * The login for an image: a key if one is named, and what credentials.txt beside the image says. With both,
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

/** Where a build leaves the login of an image. */
export function credentialsBeside(image: string): string {
  return join(dirname(image), CREDENTIALS_FILE);
}
