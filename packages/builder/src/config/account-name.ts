import { checkSystemName, checkUserName, Problem, show } from '@micro-linux/provision';

/** Refuses what is not a name for a group or a system user, and names that every image has. */
export function checkAccountName(name: string): Problem | undefined {
  return /^[a-z_][a-z0-9_-]{0,30}$/.test(name)
    ? checkSystemName(name)
    : new Problem(
        `${show(name)} is not the name of a user or group`,
        "write up to 31 lower-case letters, digits, '_' or '-', such as gateway",
      );
}

/** Refuses the name of a user. Services may have names that packages use, such as mosquitto. */
export function checkNameOf(user: {
  readonly name: string;
  readonly system: boolean;
}): Problem | undefined {
  return user.system ? undefined : checkUserName(user.name);
}

/** Refuses what is not the name of a group, which the image may have already. */
export function checkGroupName(name: string): Problem | undefined {
  return /^[a-z_][a-z0-9_-]{0,30}$/.test(name)
    ? undefined
    : new Problem(`${show(name)} is not the name of a group`, 'write a name such as dialout');
}
