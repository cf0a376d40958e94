import type { Identity } from '@micro-linux/provision';
import type { Config } from '../config.ts';

/**
 * The identity a config asks for.
 *
 * @param generatedHash hash of the password made for this build, if its policy is `generate`.
 */
export function identityOf(config: Config, generatedHash: string | undefined): Identity {
  const { password } = config.user;
  const passwordHash = password.kind === 'hash' ? password.hash : generatedHash;
  return {
    hostname: config.hostname,
    user: config.user.name,
    passwordHash,
    sshPassword: passwordHash !== undefined,
    sshKeys: config.user.sshKeys,
    network: config.network,
    timezone: config.timezone,
    locale: config.locale,
  };
}
