/** Where a key stands: names of groups and keys, numbers of list entries (from 0). */
export type KeyPath = readonly (string | number)[];

/** A path as messages and docs write it: `user.sshKeys[1]`; the top is `""`. */
export function formatKeyPath(path: KeyPath): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`,
    '',
  );
}

/** A sign command may hold a PIN, one of the installer a password. */
const SECRETS = [
  'user.password',
  'user.sshKeys',
  'update.signCommand',
  'install.earlyCommands',
  'install.lateCommands',
  'install.errorCommands',
];

/** Whether everything at or below this path is kept out of messages and logs. */
export function isSecretPath(path: KeyPath): boolean {
  return SECRETS.includes(path.slice(0, 2).join('.'));
}
