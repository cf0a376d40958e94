import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '@micro-linux/core';
import type { UserConfig } from '../../config/config.ts';
import { generatePassword, hashPassword } from '../../config/identity/password.ts';
import { CREDENTIALS_FILE } from '../../output/directories.ts';
import { parseCredentials } from '../../vm/credentials.ts';

/** How the user of a seed logs in. */
export interface SeedPassword {
  /**
   * `kept`: that of the build in the artifacts, so that disk image and installed system have the same
   * password; `configured`: a hash from the config, whose password is unknown here.
   */
  readonly source: 'generated' | 'kept' | 'configured' | 'disabled';
  /** A crypt(5) hash; undefined when only keys may log in. */
  readonly hash: string | undefined;
  /** A new password, to be stored; undefined if none was made. */
  readonly plain: string | undefined;
  /** Of a kept one: the build that it came from, if the file says so. */
  readonly build?: string | undefined;
}

/**
 * Decides on the password of a seed, and hashes it.
 *
 * @param renew make a new generated password even if there is one to keep.
 */
export async function seedPassword(
  user: UserConfig,
  artifacts: string,
  run: Runner,
  signal: AbortSignal,
  renew = false,
): Promise<SeedPassword> {
  switch (user.password.kind) {
    case 'disabled':
      return { source: 'disabled', hash: undefined, plain: undefined };
    case 'hash':
      return { source: 'configured', hash: user.password.hash, plain: undefined };
    case 'generate': {
      const text = await readFile(join(artifacts, CREDENTIALS_FILE), 'utf8').catch(() => '');
      const known = parseCredentials(text);
      const kept = !renew && known?.user === user.name ? known.password : undefined;
      const password = kept ?? generatePassword();
      return {
        source: kept === undefined ? 'generated' : 'kept',
        hash: await hashPassword(password, run, signal),
        plain: kept === undefined ? password : undefined,
        ...(kept === undefined ? {} : { build: /^build: *(\S+)\s*$/m.exec(text)?.[1] }),
      };
    }
  }
}
