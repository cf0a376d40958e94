import { dropUnusedAccounts, SYSTEM_ACCOUNTS } from './system-accounts.ts';

/**
 * Text of a customize hook that runs last, `$1` the root: removes everything from the build host and everything that must differ between machines: host keys, machine id, logs, host name, DNS servers, package lists. mmdebstrap removes apt's files.
 */
export const CLEAN = [
  'cd "$1"',
  dropUnusedAccounts(SYSTEM_ACCOUNTS),
  'rm -f etc/ssh/ssh_host_* etc/hostname etc/.resolv.conf.systemd-resolved.bak etc/.pwd.lock',
  'rm -f etc/passwd- etc/shadow- etc/group- etc/gshadow- etc/subuid- etc/subgid-',
  'rm -f etc/udev/hwdb.bin usr/lib/udev/hwdb.bin vmlinuz* initrd.img* boot/*.old',
  'rm -rf var/cache/debconf/*-old var/cache/ldconfig/aux-cache var/lib/systemd/random-seed',
  'find var/log -type f -delete',
  'ln -sf ../run/systemd/resolve/stub-resolv.conf etc/resolv.conf',
  ': > etc/machine-id',
  'rm -f var/lib/dbus/machine-id',
].join('; ');

/** Text of a customize hook. GRUB and the agent use one name each for kernel and initrd: links to the newest. */
export const STABLE_KERNEL_NAMES = [
  'cd "$1/boot"',
  'kernel="$(ls vmlinuz-* | sort -V | tail -n 1)"',
  'version="$(echo "$kernel" | cut -d - -f 2-)"',
  'test -s "$kernel" && test -s "initrd.img-$version"',
  'ln -sf "$kernel" vmlinuz',
  'ln -sf "initrd.img-$version" initrd.img',
].join(' && ');
