/** Position of a key: names of groups and keys, numbers of list entries (from 0). */
export type KeyPath = readonly (string | number)[];

/** A path as messages and docs write it: `user.sshKeys[1]`; the top is `""`. */
export function formatKeyPath(path: KeyPath): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`,
    '',
  );
}
