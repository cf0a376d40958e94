import type { TreeEntry } from '@micro-linux/provision';
import type { Config } from '../../config/config.ts';
import type { ImageUserConfig } from '../../config/users.ts';
import type { Contribution } from '../contribution.ts';
import { sudoFiles } from './sudo-files.ts';

/** Where the image keeps the public keys of its users. Only root can read them. */
const KEYS = '/usr/lib/micro-linux/authorized_keys';

/** Where sshd reads them, as the user: copies that belong to the user, in memory. */
const READABLE_KEYS = '/run/micro-linux/authorized_keys';

/**
 * Homes, keys and sudo rules of the accounts in the config. The accounts themselves are in the
 * image's account files, which exist only when its packages are installed
 * (steps/slot/image-accounts.ts).
 */
export function users(config: Pick<Config, 'user' | 'users' | 'groups'>): Contribution {
  const summary = summaryOf(config);
  return {
    entries: [...homesAndKeys(config.users), ...sudoFiles(config)],
    ...(Object.keys(summary).length === 0 ? {} : { summary }),
  };
}

/**
 * Keys are part of the slot, and not of the data partition: an update that adds a key, or leaves one
 * out, takes effect on each device. A copy is needed because sshd reads them as the user, and the
 * number of a user may differ on a device (merge-accounts): tmpfiles.d(5) uses names.
 */
function homesAndKeys(users: readonly ImageUserConfig[]): TreeEntry[] {
  const withKeys = users.filter(({ sshKeys }) => sshKeys.length > 0);
  const lines = [
    ...users.flatMap(({ name, group, home }) =>
      // The colon: a mode that the user changes stays.
      home === undefined ? [] : [`d ${home} :0750 ${name} ${group ?? name} -`],
    ),
    ...(withKeys.length === 0 ? [] : [`d ${READABLE_KEYS} 0755 root root -`]),
    ...withKeys.map(({ name }) => `C ${READABLE_KEYS}/${name} 0400 ${name} root - ${KEYS}/${name}`),
  ];
  return [
    ...(lines.length === 0
      ? []
      : [file('/usr/lib/tmpfiles.d/micro-linux-users.conf', `${lines.join('\n')}\n`)]),
    ...(withKeys.length === 0
      ? []
      : [
          { kind: 'directory', path: KEYS, mode: 0o700 } as const,
          ...withKeys.map(({ name, sshKeys }) => ({
            ...file(`${KEYS}/${name}`, `${sshKeys.join('\n')}\n`),
            mode: 0o600,
          })),
          file(
            '/etc/ssh/sshd_config.d/20-micro-linux-users.conf',
            `AuthorizedKeysFile .ssh/authorized_keys .ssh/authorized_keys2 ${READABLE_KEYS}/%u\n`,
          ),
        ]),
  ];
}

function file(path: string, content: string) {
  return { kind: 'file', path, content } as const;
}

function summaryOf({ users, groups }: Pick<Config, 'users' | 'groups'>) {
  return {
    ...(users.length === 0
      ? {}
      : {
          users: users.map(({ name, id, system, sshKeys, sudo }) => ({
            ...{ name, id, system, sshKeys: sshKeys.length, sudo: sudo.kind },
          })),
        }),
    ...(groups.length === 0 ? {} : { groups: groups.map(({ name, id }) => ({ name, id })) }),
  };
}
