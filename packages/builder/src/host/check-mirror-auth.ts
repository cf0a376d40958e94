import { ExitCode, MicroLinuxError, type Reporter } from '@micro-linux/core';
import { archiveAddresses } from '../config/archive-addresses.ts';
import type { Config } from '../config/config.ts';
import { loginFor, readAptLogins } from './apt-auth.ts';

/**
 * Reads the file named by `mirrorAuth`, if any, before anything slow, and warns if others may read
 * it.
 *
 * @throws MicroLinuxError of `readAptLogins`; `mirror-auth-invalid` if it has no login for any
 *   archive of the config.
 */
export async function checkMirrorAuth(
  config: Pick<Config, 'mirror' | 'mirrorAuth' | 'repositories'>,
  reporter: Reporter,
): Promise<void> {
  const { mirrorAuth } = config;
  const addresses = archiveAddresses(config);
  const [first] = addresses;
  if (mirrorAuth === undefined || first === undefined) {
    return;
  }
  const { logins, exposed } = await readAptLogins(mirrorAuth);
  if (exposed) {
    reporter.warn(`other users can read the login in it: chmod 600 ${mirrorAuth}`);
  }
  if (!addresses.some((address) => loginFor(new URL(`${address}/`), logins))) {
    const { protocol, host } = new URL(first);
    throw new MicroLinuxError({
      code: 'mirror-auth-invalid',
      message: `${mirrorAuth} contains no login for ${addresses.join(' or ')}`,
      why: 'without http:// before the host, a login is for https alone',
      hint: `write into it: machine ${protocol}//${host} login NAME password SECRET`,
      exitCode: ExitCode.usage,
    });
  }
}
