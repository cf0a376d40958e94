import type { KeyPath } from '@micro-linux/provision';

/** A sign command may hold a PIN, one of the installer a password. */
const SECRETS = [
  'user.password',
  'user.sshKeys',
  'users.password',
  'users.sshKeys',
  'update.signCommand',
  'install.earlyCommands',
  'install.lateCommands',
  'install.errorCommands',
];

/** Whether everything at or below this path is kept out of messages and logs. */
export function isSecretPath(path: KeyPath): boolean {
  // An entry of a list is no part of the name of a key.
  const names = path.filter((part) => typeof part === 'string');
  return SECRETS.includes(names.slice(0, 2).join('.')) || isWifiPassword(path);
}

function isWifiPassword(path: KeyPath): boolean {
  const [group, key, , kind, secret] = path;
  return group === 'network' && key === 'interfaces' && kind === 'wifi' && secret === 'password';
}
