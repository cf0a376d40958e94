import { isSystemId } from '../../config/account-ids.ts';
import { accountsOf } from '../../config/accounts.ts';
import type { Config } from '../../config/config.ts';
import type { SystemAccount } from './system-accounts.ts';

/**
 * System users and groups of a config, to be created before the packages: a package that makes an
 * account with the same name keeps this one, with its number. All other accounts are added to the
 * slot, so that changing them does not install the packages again.
 */
export function earlyAccounts(
  config: Pick<Config, 'user' | 'users' | 'groups'>,
): readonly SystemAccount[] {
  const { users } = accountsOf(config);
  return [
    ...config.groups.filter(({ id }) => isSystemId(id)).map(({ name, id }) => ({ name, id })),
    ...config.users
      .filter(({ system }) => system)
      .map(({ name, id, comment, home = '/nonexistent', shell, group }) => {
        const gid = users.find((one) => one.name === name)?.groupId;
        const user = { comment, home, shell };
        return { name, id, user: group === undefined ? user : { ...user, gid: gid ?? id } };
      }),
  ];
}
