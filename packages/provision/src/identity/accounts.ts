import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The four account files of /etc, as text. */
export interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
  readonly shadow: string;
  readonly gshadow: string;
}

/**
 * The account files of a system, or of a copy of its /etc.
 *
 * @param root the directory that contains `etc`.
 */
export async function readAccounts(root: string): Promise<AccountFiles> {
  const read = (name: string) => readFile(join(root, 'etc', name), 'utf8');
  return {
    passwd: await read('passwd'),
    group: await read('group'),
    shadow: await read('shadow'),
    gshadow: await read('gshadow'),
  };
}

export interface NewUser {
  readonly name: string;
  /** The password field of /etc/shadow: a crypt(5) hash, or `!` for no password. */
  readonly passwordHash: string;
  readonly shell: string;
  /** Groups that the user joins if the image has them. */
  readonly groups: readonly string[];
}

/** First id of ordinary users on Debian and Ubuntu (login.defs, UID_MIN). */
export const FIRST_USER_ID = 1000;

/** Adds one user with a group of the same name; formats per passwd(5), shadow(5), gshadow(5). */
export function addUser(files: AccountFiles, user: NewUser): AccountFiles {
  const id = FIRST_USER_ID;
  const joinGroups = (text: string, memberField: number) =>
    text
      .split('\n')
      .map((line) => {
        const fields = line.split(':');
        if (!user.groups.includes(fields[0] ?? '')) {
          return line;
        }
        const members = (fields[memberField] ?? '').split(',').filter((name) => name !== '');
        fields[memberField] = [...members, user.name].join(',');
        return fields.join(':');
      })
      .join('\n');
  return {
    passwd: `${files.passwd}${user.name}:x:${id}:${id}::/home/${user.name}:${user.shell}\n`,
    group: `${joinGroups(files.group, 3)}${user.name}:x:${id}:\n`,
    // Day 1 is a fixed date of the last change without expiry; 0 would force a change at login.
    shadow: `${files.shadow}${user.name}:${user.passwordHash}:1:0:99999:7:::\n`,
    gshadow: `${joinGroups(files.gshadow, 3)}${user.name}:!::\n`,
  };
}
