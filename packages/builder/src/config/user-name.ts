import { Problem, show } from './problem.ts';

/**
 * Users and groups of Debian's base-passwd and of the packages every image has: the new user gets
 * a group of its own name, so a group is as much in the way as a user.
 */
export const SYSTEM_NAMES: ReadonlySet<string> = new Set([
  ...['root', 'daemon', 'bin', 'sys', 'sync', 'games', 'man', 'lp', 'mail', 'news', 'uucp'],
  ...['proxy', 'www-data', 'backup', 'list', 'irc', 'gnats', 'nobody', 'nogroup'],
  ...['adm', 'tty', 'disk', 'kmem', 'dialout', 'fax', 'voice', 'cdrom', 'floppy', 'tape', 'sudo'],
  ...['audio', 'dip', 'operator', 'src', 'shadow', 'utmp', 'video', 'sasl', 'plugdev', 'staff'],
  ...['users', 'input', 'sgx', 'kvm', 'render', 'crontab', 'netdev', 'ssh', 'lxd', 'wheel'],
  ...['messagebus', 'sshd', 'syslog', 'polkitd', 'tss', 'uuidd', 'tcpdump', 'dhcpcd'],
]);

/** Refuses what useradd refuses, and names that belong to the system. */
export function checkUserName(name: string): Problem | undefined {
  if (!/^[a-z][a-z0-9_-]{0,31}$/.test(name)) {
    return new Problem(
      `${show(name)} is no user name`,
      "write up to 32 lower-case letters, digits, '_' or '-', a letter first, such as micro",
    );
  }
  return SYSTEM_NAMES.has(name) || name.startsWith('systemd-')
    ? new Problem(`${show(name)} belongs to the system`, 'write another name, such as micro')
    : undefined;
}
