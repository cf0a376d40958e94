import type { KeyPath } from '@micro-linux/provision';

const SECRETS: ReadonlySet<string | number> = new Set([
  'password',
  'passwd',
  'plain_text_passwd',
  'hashed_passwd',
  'chpasswd',
  'passphrase',
  'token',
  'key',
  'authorized-keys',
]);

/** Whether everything at or below this path of a seed is kept out of messages. */
export function isSecretSeedPath(path: KeyPath): boolean {
  return path.some((part) => SECRETS.has(part));
}
