import { show } from '../../config/problem.ts';
import { SYSTEM_NAMES } from '../../config/user-name.ts';

/** More names that Subiquity keeps from people: packages create them. */
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

/** What useradd or the installer has against a login name, with what to write instead. */
export function judgeUserName(
  name: string,
): { readonly problem: string; readonly fix: string } | undefined {
  const fix = 'write another name, such as micro';
  if (SYSTEM_NAMES.has(name) || name.startsWith('systemd-')) {
    return { problem: `${show(name)} belongs to the system`, fix };
  }
  if (RESERVED.has(name)) {
    return { problem: `${show(name)} is a name that the installer keeps for the system`, fix };
  }
  return /^[a-z_][a-z0-9_-]{0,31}$/.test(name)
    ? undefined
    : {
        problem: `${show(name)} is no user name`,
        fix: "write up to 32 lower-case letters, digits, '_' or '-', a letter first, such as micro",
      };
}
