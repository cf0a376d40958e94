import { checkHostnameTemplate } from '../values/hostname-template.ts';
import { checkCommand } from '../values/install-rules.ts';
import { checkLocale } from '../values/locale.ts';
import { isPasswordHash, NO_PASSWORD } from '../values/password-hash.ts';
import { Problem, show } from '../values/problem.ts';
import { parseSshKey } from '../values/ssh-key.ts';
import { checkUserName } from '../values/user-name.ts';
import { type Group, groupIn, listIn, textIn } from './group.ts';
import { badValue, type HonouredFinding } from './honoured-finding.ts';

const COMMANDS = ['early-commands', 'late-commands', 'error-commands'];

/** Values of the right type that cannot work. */
export function valueFindings(autoinstall: Group): HonouredFinding[] {
  const identity = groupIn(autoinstall, 'identity');
  const checked = (
    group: Group,
    path: readonly string[],
    check: (text: string) => Problem | undefined,
  ) => {
    const text = textIn(group, path.at(-1) ?? '');
    return text === undefined ? [] : badValue(path, check(text));
  };
  return [
    ...checked(autoinstall, ['locale'], checkLocale),
    ...checked(autoinstall, ['timezone'], checkTimezoneForm),
    ...checked(identity, ['identity', 'hostname'], checkHostnameTemplate),
    ...checked(identity, ['identity', 'username'], checkUserName),
    ...checked(identity, ['identity', 'password'], checkPasswordField),
    ...loginFindings(autoinstall),
    ...passwordFindings(groupIn(autoinstall, 'user-data')),
    ...COMMANDS.flatMap((key) =>
      listIn(autoinstall, key).flatMap((command, index) =>
        isCommand(command) ? badValue([key, index], checkCommand(command)) : [],
      ),
    ),
  ];
}

function loginFindings(autoinstall: Group): HonouredFinding[] {
  const keys = listIn(groupIn(autoinstall, 'ssh'), 'authorized-keys');
  const isLocked = textIn(groupIn(autoinstall, 'identity'), 'password') === NO_PASSWORD;
  return [
    ...keys.flatMap((key, index) => {
      const parsed = typeof key === 'string' ? parseSshKey(key) : undefined;
      return parsed instanceof Problem ? badValue(['ssh', 'authorized-keys', index], parsed) : [];
    }),
    ...(isLocked && keys.length === 0
      ? badValue(
          ['identity', 'password'],
          new Problem(
            'locks the password, and there is no SSH key: nobody could log in',
            'add a public key to ssh.authorized-keys, or write a hash here',
          ),
        )
      : []),
  ];
}

/** The passwords of further users, in both places of cloud-init. */
function passwordFindings(userData: Group): HonouredFinding[] {
  const inList = (list: readonly unknown[], path: readonly string[], key: string) =>
    list.flatMap((user, index) => {
      const hash = textIn(user, key);
      return hash === undefined || isPasswordHash(hash)
        ? []
        : badValue(['user-data', ...path, index, key], NOT_A_HASH);
    });
  return [
    ...inList(listIn(userData, 'users'), ['users'], 'passwd'),
    ...inList(listIn(groupIn(userData, 'chpasswd'), 'users'), ['chpasswd', 'users'], 'password'),
  ];
}

/** Never quotes the text, which may be the password itself. */
const NOT_A_HASH = new Problem(
  'is not a complete hash of an accepted type (value not shown)',
  'write the hash that `openssl passwd -6` prints',
);

/** Never quotes the text, which may be the password itself. */
function checkPasswordField(password: string): Problem | undefined {
  return password === NO_PASSWORD || isPasswordHash(password)
    ? undefined
    : new Problem(
        'is not a complete hash of an accepted type (value not shown)',
        "write the hash that `openssl passwd -6` prints, or '!' to let only SSH keys in",
      );
}

function isCommand(command: unknown): command is string | readonly string[] {
  return (
    typeof command === 'string' ||
    (Array.isArray(command) && command.every((word) => typeof word === 'string'))
  );
}

/**
 * Refuses text that does not have the form of a name in the tz database, such as a path that leaves
 * it. Whether the zone exists depends on the image's tzdata.
 */
function checkTimezoneForm(zone: string): Problem | undefined {
  return /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*){0,2}$/.test(zone)
    ? undefined
    : new Problem(
        `${show(zone)} is not a time zone`,
        'write a name of the tz database, such as Europe/Berlin or Etc/UTC',
      );
}
