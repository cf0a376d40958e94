/**
 * Packages every image gets, beside the kernel and the profile's own. With no recommends, what a
 * normal system takes for granted has to be named.
 */
export const COMMON_PACKAGES: readonly string[] = [
  'ca-certificates',
  'dbus',
  'dosfstools',
  'e2fsprogs',
  // Only the installer calls it: the live system of an ISO is the image itself.
  'efibootmgr',
  'fdisk',
  'initramfs-tools',
  'iproute2',
  'kmod',
  'libpam-systemd',
  'mount',
  'openssh-server',
  'openssh-client',
  'procps',
  'sudo',
  'systemd',
  'systemd-resolved',
  'systemd-sysv',
  'systemd-timesyncd',
  'udev',
];
