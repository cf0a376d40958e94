import type { Config, NetworkConfig } from '../config/config.ts';

/** Everything that makes one machine this machine. */
export interface Identity {
  readonly hostname: string;
  readonly user: string;
  /** A crypt(5) hash; undefined when only keys may log in. */
  readonly passwordHash: string | undefined;
  readonly sshKeys: readonly string[];
  readonly network: NetworkConfig;
  readonly timezone: string;
  readonly locale: string;
}

/**
 * The identity a config asks for.
 *
 * @param generatedHash hash of the password made for this build, if its policy is `generate`.
 */
export function identityOf(config: Config, generatedHash: string | undefined): Identity {
  const { password } = config.user;
  return {
    hostname: config.hostname,
    user: config.user.name,
    passwordHash: password.kind === 'hash' ? password.hash : generatedHash,
    sshKeys: config.user.sshKeys,
    network: config.network,
    timezone: config.timezone,
    locale: config.locale,
  };
}
