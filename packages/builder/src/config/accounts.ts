import { FIRST_USER_ID } from '@micro-linux/provision';
import type { Config } from './config.ts';

/** Names and numbers of the accounts that a config makes. They are the same on each device. */
export interface Accounts {
  readonly users: readonly {
    readonly name: string;
    readonly id: number;
    /** Number of the primary group. */
    readonly groupId: number;
  }[];
  /** Those of users included. */
  readonly groups: readonly { readonly name: string; readonly id: number }[];
}

/** The accounts of a config: its first user, its other users and its groups. */
export function accountsOf({ user, users, groups }: Pick<Config, 'user' | 'users' | 'groups'>) {
  const first = { name: user.name, id: FIRST_USER_ID, groupId: FIRST_USER_ID };
  const accounts: Accounts = {
    users: [
      first,
      ...users.map(({ name, id, group }) => ({
        ...{ name, id, groupId: groups.find((one) => one.name === group)?.id ?? id },
      })),
    ],
    groups: [
      { name: first.name, id: first.groupId },
      ...users.flatMap(({ name, id, group }) => (group === undefined ? [{ name, id }] : [])),
      ...groups,
    ],
  };
  return accounts;
}
