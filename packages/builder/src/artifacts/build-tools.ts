/** Programs and files a build needs on its host, all checked before it starts. */
export const BUILD_TOOLS: readonly string[] = [
  'mmdebstrap',
  'newuidmap',
  'unshare',
  'sfdisk',
  'mkfs.vfat',
  'mcopy',
  'mke2fs',
  'qemu-img',
  'grub-mkimage',
  '/usr/lib/grub/i386-pc/boot.img',
  'openssl',
  'tar',
  'dpkg-deb',
  'apt-get',
  'gpg',
  'gpgv',
  'strip',
  '/usr/share/distro-info/ubuntu.csv',
];

/** What an ISO needs beside {@link BUILD_TOOLS}. */
export const ISO_TOOLS: readonly string[] = [
  'mksquashfs',
  'xorriso',
  'debugfs',
  '/usr/lib/grub/i386-pc/boot_hybrid.img',
];
