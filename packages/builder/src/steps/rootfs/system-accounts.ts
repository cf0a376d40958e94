import { shellQuote } from '@micro-linux/core';

/** An account that packages create on installation, with its number here. */
export interface SystemAccount {
  readonly name: string;
  /** Number of the group, and of the user if there is one. */
  readonly id: number;
  /** Fields of passwd(5) for the user; undefined: only a group. */
  readonly user?: {
    readonly comment: string;
    readonly home: string;
    readonly shell: string;
    /** Set if the package does not create a group for the user. */
    readonly gid?: number;
  };
}

const NOLOGIN = '/usr/sbin/nologin';
const NOGROUP = 65534;

/**
 * Numbers of system accounts, the same for every profile and package set: a file in a slot keeps
 * its owner on a device that was installed from another image. A number is never changed or reused.
 * All are in a range that neither adduser (from 100 up) nor systemd-sysusers (from 999 down)
 * reaches for accounts that are not in the table.
 */
export const SYSTEM_ACCOUNTS: readonly SystemAccount[] = [
  { name: 'systemd-journal', id: 300 },
  { name: 'systemd-network', id: 301, user: systemd('systemd Network Management') },
  { name: 'systemd-resolve', id: 302, user: systemd('systemd Resolver') },
  { name: 'systemd-timesync', id: 303, user: systemd('systemd Time Synchronization') },
  { name: 'input', id: 304 },
  { name: 'sgx', id: 305 },
  { name: 'kvm', id: 306 },
  { name: 'render', id: 307 },
  { name: 'clock', id: 308 },
  { name: 'messagebus', id: 310, user: nowhere('') },
  {
    name: 'sshd',
    id: 311,
    user: { comment: '', home: '/run/sshd', shell: NOLOGIN, gid: NOGROUP },
  },
  { name: '_ssh', id: 312 },
  {
    name: 'dhcpcd',
    id: 313,
    user: {
      comment: 'DHCP Client Daemon',
      home: '/usr/lib/dhcpcd',
      shell: '/bin/false',
      gid: NOGROUP,
    },
  },
  { name: 'polkitd', id: 314, user: nowhere('polkit') },
  {
    name: 'tss',
    id: 315,
    user: { comment: 'TPM software stack', home: '/var/lib/tpm', shell: '/bin/false' },
  },
  { name: 'systemd-oom', id: 320, user: systemd('systemd Userspace OOM Killer') },
  { name: 'systemd-coredump', id: 321, user: systemd('systemd Core Dumper') },
  { name: 'systemd-journal-remote', id: 322, user: systemd('systemd Journal Remote') },
  { name: 'tcpdump', id: 323, user: nowhere('') },
  { name: 'uuidd', id: 324, user: { comment: '', home: '/run/uuidd', shell: NOLOGIN } },
  {
    name: '_chrony',
    id: 325,
    user: { comment: 'Chrony daemon', home: '/var/lib/chrony', shell: NOLOGIN },
  },
];

/** The defaults of systemd-sysusers. */
function systemd(comment: string) {
  return { comment, home: '/', shell: NOLOGIN };
}

function nowhere(comment: string) {
  return { comment, home: '/nonexistent', shell: NOLOGIN };
}

/** No password matches; the same as systemd-sysusers writes. */
const LOCKED = '!*';

/**
 * Shell text for mmdebstrap's hooks, `$1` the root: creates the accounts that are missing, before
 * the packages that would create them, which keep an existing system account. If there is no
 * shadow(5) file yet, the package `passwd` makes it from these lines.
 */
export function addSystemAccounts(accounts: readonly SystemAccount[]): string {
  const users = accounts.flatMap(({ id, name, user }) =>
    user ? [[name, LOCKED, id, user.gid ?? id, user.comment, user.home, user.shell].join(':')] : [],
  );
  const groups = accounts.flatMap(({ id, name, user }) =>
    user?.gid === undefined ? [`${name}:${LOCKED}:${id}:`] : [],
  );
  const append = (file: string, lines: readonly string[]) =>
    `for line in ${lines.map(shellQuote).join(' ')}; do ` +
    `grep -q "^\${line%%:*}:" "$1/etc/${file}" || printf '%s\\n' "$line" >>"$1/etc/${file}"; done`;
  return [
    append('passwd', users),
    append('group', groups),
    'if [ -e "$1/etc/shadow" ]; then chroot "$1" pwconv && chroot "$1" grpconv; fi',
  ].join(' && ');
}

/**
 * Shell text for a customize hook that runs in the root once all packages are installed: removes
 * the accounts that no package mentions.
 */
export function dropUnusedAccounts(accounts: readonly SystemAccount[]): string {
  return [
    `for name in ${accounts.map(({ name }) => name).join(' ')}`,
    'do grep -rqw -e "$name" var/lib/dpkg/info/*.preinst var/lib/dpkg/info/*.postinst usr/lib/sysusers.d ||' +
      ' sed -i "/^$name:/d" etc/passwd etc/shadow etc/group etc/gshadow',
    'done',
  ].join('; ');
}
