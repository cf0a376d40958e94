import { ExitCode, MicroLinuxError, type Reporter } from '@micro-linux/core';
import type { Config } from '../config/config.ts';
import { loginFor, readAptLogins } from './apt-auth.ts';

/**
 * Reads the file named by `mirrorAuth`, if any, before anything slow, and warns if others may read
 * it.
 *
 * @throws MicroLinuxError of `readAptLogins`; `mirror-auth-invalid` if it has no login for the
 *   mirror.
 */
export async function checkMirrorAuth(
  { mirror, mirrorAuth }: Pick<Config, 'mirror' | 'mirrorAuth'>,
  reporter: Reporter,
): Promise<void> {
  if (mirrorAuth === undefined || mirror === undefined) {
    return;
  }
  const { logins, exposed } = await readAptLogins(mirrorAuth);
  if (exposed) {
    reporter.warn(`others than its owner can read the login in it: chmod 600 ${mirrorAuth}`);
  }
  const addresses = [...new Set([mirror.archive, mirror.security])];
  if (!addresses.some((address) => loginFor(new URL(`${address}/`), logins))) {
    const { protocol, host } = new URL(mirror.archive);
    throw new MicroLinuxError({
      code: 'mirror-auth-invalid',
      message: `${mirrorAuth} contains no login for ${addresses.join(' or ')}`,
      why: 'without http:// before the host, a login is for https alone',
      hint: `write into it: machine ${protocol}//${host} login NAME password SECRET`,
      exitCode: ExitCode.usage,
    });
  }
}
