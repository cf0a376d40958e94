import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Gives the OpenSSH client a password without a terminal and without exposing it to other users: a
 * helper script prints a file that only this user can read. Neither argv nor the environment
 * contains the password.
 *
 * @param directory Private (0700), on a file system without noexec; the caller removes it.
 * @returns The environment to run ssh with.
 */
export async function writeAskpass(
  directory: string,
  password: string,
): Promise<Record<string, string>> {
  const passwordFile = join(directory, 'password');
  const helper = join(directory, 'askpass');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await writeFile(helper, '#!/bin/sh\nexec cat "$MICRO_LINUX_PASSWORD_FILE"\n', { mode: 0o700 });
  return {
    SSH_ASKPASS: helper,
    // Without it, ssh prefers the terminal it was started on.
    SSH_ASKPASS_REQUIRE: 'force',
    MICRO_LINUX_PASSWORD_FILE: passwordFile,
  };
}
