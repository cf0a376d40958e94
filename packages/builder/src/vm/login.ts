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
 * The login for an image: a key if one is named, else what credentials.txt beside the image says.
 *
 * @throws MicroLinuxError `credentials-missing`, `credentials-invalid`.
 */
export async function loginFor({ image, identity, user }: LoginChoice): Promise<SshLogin> {
  if (identity !== undefined && user !== undefined) {
    return { user, identity };
  }
  const credentials = await readCredentials(credentialsBeside(image));
  return identity === undefined
    ? { user: user ?? credentials.user, password: credentials.password }
    : { user: credentials.user, identity };
}

/** Where a build leaves the login of an image. */
export function credentialsBeside(image: string): string {
  return join(dirname(image), CREDENTIALS_FILE);
}
