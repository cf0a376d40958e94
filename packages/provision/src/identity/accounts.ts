import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';

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

/**
 * Adds one user with a group of the same name; formats per passwd(5), shadow(5), gshadow(5).
 *
 * @throws MicroLinuxError `account-taken` if the image has an account with this name.
 */
export function addUser(files: AccountFiles, user: NewUser): AccountFiles {
  const id = FIRST_USER_ID;
  if (hasAccount(files.passwd, user.name) || hasAccount(files.group, user.name)) {
    throw new MicroLinuxError({
      code: 'account-taken',
      message: `the image already has an account ${user.name}`,
      why: 'the first user of a device cannot have the name of an account of the image',
      hint: 'choose another name for the first user: user.name, or identity.username of the seed',
    });
  }
  const { group, gshadow } = joinGroups(files, user.name, user.groups);
  return {
    passwd: `${files.passwd}${user.name}:x:${id}:${id}::/home/${user.name}:${user.shell}\n`,
    group: `${group}${user.name}:x:${id}:\n`,
    // Day 1 is a fixed date of the last change without expiry; 0 would force a change at login.
    shadow: `${files.shadow}${user.name}:${user.passwordHash}:1:0:99999:7:::\n`,
    gshadow: `${gshadow}${user.name}:!::\n`,
  };
}

/** Whether text of passwd(5) or group(5) has a line for a name. */
export function hasAccount(text: string, name: string): boolean {
  return text.split('\n').some((line) => line.startsWith(`${name}:`));
}

/** Adds a user to the members of those groups that exist. */
export function joinGroups(
  files: AccountFiles,
  user: string,
  groups: readonly string[],
): Pick<AccountFiles, 'group' | 'gshadow'> {
  const join = (text: string) =>
    text
      .split('\n')
      .map((line) => {
        const fields = line.split(':');
        const members = (fields[MEMBERS] ?? '').split(',').filter((name) => name !== '');
        if (!groups.includes(fields[0] ?? '') || members.includes(user)) {
          return line;
        }
        fields[MEMBERS] = [...members, user].join(',');
        return fields.join(':');
      })
      .join('\n');
  return { group: join(files.group), gshadow: join(files.gshadow) };
}

/** The field of the members, in both group(5) and gshadow(5). */
const MEMBERS = 3;

/** The password of a further user on a new device. */
export interface UserPassword {
  readonly name: string;
  /** A crypt(5) hash. */
  readonly hash: string;
  /** Whether it must be changed at the first login, as by `chage --lastday 0`. */
  readonly mustChange: boolean;
}

/**
 * Sets the passwords of users that the image has without one.
 *
 * @throws MicroLinuxError `account-missing` if the image lacks one.
 */
export function setPasswords(
  files: AccountFiles,
  passwords: readonly UserPassword[],
): AccountFiles {
  for (const { name } of passwords) {
    if (!hasAccount(files.shadow, name)) {
      throw new MicroLinuxError({
        code: 'account-missing',
        message: `there is a password for ${name}, but the image has no such user`,
        hint: 'use a seed of the same configuration as the image: micro-linux seed',
      });
    }
  }
  const lines = files.shadow.split('\n').map((line) => {
    const fields = line.split(':');
    const found = passwords.find(({ name }) => name === fields[0]);
    return found
      ? [found.name, found.hash, found.mustChange ? 0 : 1, ...fields.slice(3)].join(':')
      : line;
  });
  return { ...files, shadow: lines.join('\n') };
}
