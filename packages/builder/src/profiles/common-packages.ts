/**
 * Packages of every image, in addition to the kernel and the profile's. Recommended packages are
 * not installed, so the basics must be listed.
 */
export const COMMON_PACKAGES: readonly string[] = [
  'ca-certificates',
  'dbus',
  'dosfstools',
  'e2fsprogs',
  // Only the installer needs it: the live system of an ISO is the image itself.
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
