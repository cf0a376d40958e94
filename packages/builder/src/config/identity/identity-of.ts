import type { Identity, UserPassword } from '@micro-linux/provision';
import type { Config } from '../config.ts';

/**
 * The identity a config asks for.
 *
 * @param generatedHash hash of the password made for this build, if its policy is `generate`.
 */
export function identityOf(config: Config, generatedHash: string | undefined): Identity {
  const { password } = config.user;
  const passwordHash = password.kind === 'hash' ? password.hash : generatedHash;
  const passwords = passwordsOf(config);
  return {
    hostname: config.hostname,
    user: config.user.name,
    passwordHash,
    sshPassword: passwordHash !== undefined || passwords.length > 0,
    sshKeys: config.user.sshKeys,
    ...(passwords.length === 0 ? {} : { passwords }),
    network: config.network,
    timezone: config.timezone,
    locale: config.locale,
  };
}

/** The passwords of all users but the first. */
export function passwordsOf({ users }: Pick<Config, 'users'>): readonly UserPassword[] {
  return users.flatMap(({ name, passwordHash, changePassword }) =>
    passwordHash === undefined ? [] : [{ name, hash: passwordHash, mustChange: changePassword }],
  );
}
