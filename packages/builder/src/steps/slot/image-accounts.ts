import { MicroLinuxError } from '@micro-linux/core';
import { type AccountFiles, hasAccount, joinGroups, NO_PASSWORD } from '@micro-linux/provision';
import { accountsOf } from '../../config/accounts.ts';
import type { Config } from '../../config/config.ts';

/** The part of a config that decides about accounts. */
export type AccountChoice = Pick<Config, 'user' | 'users' | 'groups'>;

/**
 * Adds the accounts of a config to those of an image. Users are locked: passwords are only on the
 * data partition. The first user is too, so it is not added here.
 *
 * @param files the account files after all packages are installed. An account that already has the
 *   right numbers is kept.
 * @throws MicroLinuxError `account-taken`, `account-missing` (a group).
 */
export function addImageAccounts(files: AccountFiles, config: AccountChoice): AccountFiles {
  const accounts = accountsOf(config);
  const [first] = accounts.users;
  const isOurs = ({ name }: { readonly name: string }) => name !== first?.name;
  let result = files;
  for (const { name, id } of accounts.groups.filter(isOurs)) {
    if (!isThere(result.group, 'group', name, [undefined, String(id)])) {
      result = {
        ...result,
        group: `${result.group}${name}:x:${id}:\n`,
        gshadow: `${result.gshadow}${name}:${NO_PASSWORD}::\n`,
      };
    }
  }
  for (const { name, id, groupId } of accounts.users.filter(isOurs)) {
    const user = config.users.find((one) => one.name === name);
    if (user && !isThere(result.passwd, 'user', name, [undefined, String(id), String(groupId)])) {
      const { comment, home = '/nonexistent', shell } = user;
      result = {
        ...result,
        passwd: `${result.passwd}${[name, 'x', id, groupId, comment, home, shell].join(':')}\n`,
        // Day 1 is a fixed date of the last change. Never 0, which would also refuse a login by key.
        shadow: `${result.shadow}${name}:${NO_PASSWORD}:1:0:99999:7:::\n`,
      };
    }
  }
  for (const { name, groups } of config.users) {
    const missing = groups.find((group) => !hasAccount(result.group, group));
    if (missing !== undefined) {
      throw new MicroLinuxError({
        code: 'account-missing',
        message: `${name} is to be in the group ${missing}, which the image does not have`,
        hint: `add the package that makes it, or add it under groups: - {name: ${missing}, id: 2100}`,
      });
    }
    result = { ...result, ...joinGroups(result, name, groups) };
  }
  return result;
}

/**
 * Whether text of passwd(5) or group(5) has a line with this name and these numbers.
 *
 * @param numbers the fields after the name; undefined: any.
 * @throws MicroLinuxError `account-taken` if the name or the first number belong to another one.
 */
function isThere(
  text: string,
  kind: 'user' | 'group',
  name: string,
  numbers: readonly (string | undefined)[],
): boolean {
  const lines = text.split('\n').map((line) => line.split(':'));
  const same = lines.find(([other]) => other === name);
  const taken = same ?? lines.find((fields) => fields[2] === numbers[1]);
  if (
    same &&
    numbers.every((number, index) => number === undefined || number === same[index + 1])
  ) {
    return true;
  }
  if (taken) {
    const [other, , id] = taken;
    throw new MicroLinuxError({
      code: 'account-taken',
      message: `the image already has the ${kind} ${other} with the number ${id}`,
      why: `the config gives ${same ? 'it' : name} the number ${numbers[1]}`,
      hint: same
        ? `choose another name than ${name}, or make it a system user, which exists before its package is installed`
        : `choose another number than ${numbers[1]} for ${name}`,
    });
  }
  return false;
}
