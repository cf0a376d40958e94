import type { KeyPath } from '@micro-linux/provision';

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
