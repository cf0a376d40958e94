import { Problem, show } from './problem.ts';

/**
 * Users and groups of Debian's base-passwd and of packages that every image has. The new user gets
 * a group of the same name, so an existing group is a conflict too.
 */
const SYSTEM_NAMES: ReadonlySet<string> = new Set([
  ...['root', 'daemon', 'bin', 'sys', 'sync', 'games', 'man', 'lp', 'mail', 'news', 'uucp'],
  ...['proxy', 'www-data', 'backup', 'list', 'irc', 'gnats', 'nobody', 'nogroup'],
  ...['adm', 'tty', 'disk', 'kmem', 'dialout', 'fax', 'voice', 'cdrom', 'floppy', 'tape', 'sudo'],
  ...['audio', 'dip', 'operator', 'src', 'shadow', 'utmp', 'video', 'sasl', 'plugdev', 'staff'],
  ...['users', 'input', 'sgx', 'kvm', 'render', 'crontab', 'netdev', 'ssh', 'lxd', 'wheel'],
  ...['messagebus', 'sshd', 'syslog', 'polkitd', 'tss', 'uuidd', 'tcpdump', 'dhcpcd'],
  ...['clock', '_ssh', '_chrony'],
]);

/** More names that Subiquity reserves because packages create them. */
const RESERVED: ReadonlySet<string> = new Set([
  ...[
    'admin',
    'alias',
    'asterisk',
    'bind',
    'ceph',
    'cupsys',
    'dcc',
    'Debian-exim',
    'dhcp',
    'dictd',
  ],
  ...['dnsmasq', 'dovecot', 'fetchmail', 'firebird', 'ftn', 'ftp', 'fuse', 'gdm', 'grsec-proc'],
  ...['grsec-sock-all', 'grsec-sock-clt', 'grsec-sock-srv', 'grsec-tpe', 'hacluster', 'haclient'],
  ...[
    'haldaemon',
    'hplilp',
    'identd',
    'jwhois',
    'klog',
    'libvirt-qemu',
    'lpadmin',
    'maas',
    'mysql',
  ],
  ...['mythtv', 'netplan', 'opensrf', 'powerdev', 'qmail', 'qmaild', 'qmaill', 'qmailp', 'qmailq'],
  ...['qmailr', 'qmails', 'radvd', 'saned', 'sbuild', 'slocate', 'slurm', 'ssl-cert', 'sslwrap'],
  ...['statd', 'tac-plus', 'telnetd', 'tftpd', 'vchkpw', 'vpopmail'],
]);

const ANOTHER = 'write another name, such as micro';

/** Refuses names that belong to the system. */
export function checkSystemName(name: string): Problem | undefined {
  return SYSTEM_NAMES.has(name) || name.startsWith('systemd-')
    ? new Problem(`${show(name)} belongs to the system`, ANOTHER)
    : undefined;
}

/** Refuses names that belong to the system or that Ubuntu's installer reserves for it. */
export function checkReservedName(name: string): Problem | undefined {
  return (
    checkSystemName(name) ??
    (RESERVED.has(name)
      ? new Problem(`${show(name)} is a name that the installer keeps for the system`, ANOTHER)
      : undefined)
  );
}

/** Refuses invalid login names and names that are taken. */
export function checkUserName(name: string): Problem | undefined {
  return /^[a-z][a-z0-9_-]{0,31}$/.test(name)
    ? checkReservedName(name)
    : new Problem(
        `${show(name)} is not a user name`,
        "write up to 32 lower-case letters, digits, '_' or '-', a letter first, such as micro",
      );
}
