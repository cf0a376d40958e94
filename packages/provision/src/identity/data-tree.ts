import { networkTree } from '../network/network-tree.ts';
import type { TreeEntry } from '../tree/tree-entry.ts';
import { isHostnameTemplate } from '../values/hostname-template.ts';
import { accountEntries } from './account-entries.ts';
import { type AccountFiles, addUser, FIRST_USER_ID, setPasswords } from './accounts.ts';
import type { Identity } from './identity.ts';

/** Groups that the user joins if they exist: administration and reading the journal. */
const USER_GROUPS = ['sudo', 'adm', 'systemd-journal'];

/**
 * The initial content of the data partition. `etc/upper` is overlaid on the slot's /etc; the
 * account files are the slot's own with the user and passwords added.
 *
 * @throws MicroLinuxError `account-taken`, `account-missing`.
 */
export function dataTree(identity: Identity, accounts: AccountFiles): readonly TreeEntry[] {
  const files = addUser(setPasswords(accounts, identity.passwords ?? []), {
    name: identity.user,
    passwordHash: identity.passwordHash ?? '!',
    shell: '/bin/bash',
    groups: USER_GROUPS,
  });
  const home = `/home/${identity.user}`;
  const own = { uid: FIRST_USER_ID, gid: FIRST_USER_ID };
  const etc = (path: string, content: string, mode?: number): TreeEntry => ({
    kind: 'file',
    path: `/etc/upper/${path}`,
    content,
    ...(mode === undefined ? {} : { mode }),
  });
  return [
    { kind: 'directory', path: '/etc' },
    { kind: 'directory', path: '/etc/upper' },
    { kind: 'directory', path: '/etc/work' },
    { kind: 'directory', path: '/home' },
    { kind: 'directory', path: '/micro-linux' },
    { kind: 'directory', path: '/root', mode: 0o700 },
    { kind: 'directory', path: '/var' },
    ...accountEntries(files, '/etc/upper'),
    { kind: 'directory', path: '/etc/upper/micro-linux' },
    ...hostnameFiles(identity.hostname).map(([path, content]) => etc(path, content)),
    { kind: 'directory', path: '/etc/upper/default' },
    etc('default/locale', `LANG=${identity.locale}\n`),
    // Without the link, systemd uses UTC, which needs no tzdata.
    ...(isUtc(identity.timezone)
      ? []
      : [
          {
            kind: 'link',
            path: '/etc/upper/localtime',
            target: `/usr/share/zoneinfo/${identity.timezone}`,
          } as const,
        ]),
    ...networkTree(identity.network).map((entry) => ({
      ...entry,
      path: `/etc/upper/${entry.path}`,
    })),
    { kind: 'directory', path: '/etc/upper/ssh' },
    { kind: 'directory', path: '/etc/upper/ssh/sshd_config.d' },
    etc('ssh/sshd_config.d/10-micro-linux.conf', sshdConfig(identity)),
    // Without a password, sudo cannot ask for one.
    ...(identity.passwordHash === undefined
      ? [
          { kind: 'directory', path: '/etc/upper/sudoers.d', mode: 0o750 } as const,
          etc('sudoers.d/10-micro-linux', `${identity.user} ALL=(ALL:ALL) NOPASSWD: ALL\n`, 0o440),
        ]
      : []),
    { kind: 'directory', path: home, mode: 0o750, ...own },
    ...(identity.sshKeys.length === 0
      ? []
      : [
          { kind: 'directory', path: `${home}/.ssh`, mode: 0o700, ...own } as const,
          {
            kind: 'file',
            path: `${home}/.ssh/authorized_keys`,
            mode: 0o600,
            content: `${identity.sshKeys.join('\n')}\n`,
            ...own,
          } as const,
        ]),
  ];
}

const LOCAL_HOSTS = '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n';

/** The name, or the template from which systemd/scripts/host-name makes it at the first boot. */
function hostnameFiles(hostname: string): readonly (readonly [string, string])[] {
  if (isHostnameTemplate(hostname)) {
    return [
      ['hosts', LOCAL_HOSTS],
      ['micro-linux/host-name', `${hostname}\n`],
    ];
  }
  const names = hostname.includes('.') ? `${hostname} ${hostname.split('.')[0]}` : hostname;
  return [
    ['hostname', `${hostname}\n`],
    ['hosts', LOCAL_HOSTS.replace('\n', `\n127.0.1.1 ${names}\n`)],
  ];
}

function sshdConfig(identity: Identity): string {
  const password = identity.sshPassword ? 'yes' : 'no';
  return `PermitRootLogin no\nPasswordAuthentication ${password}\nKbdInteractiveAuthentication no\n`;
}

/** Whether a zone is plain UTC, which needs no zone data. */
export function isUtc(timezone: string): boolean {
  return ['UTC', 'Etc/UTC'].includes(timezone);
}
