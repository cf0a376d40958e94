import type { Profile, SecureBoot } from './profile.ts';

const secureBoot: SecureBoot = {
  packages: ['shim-signed', 'shim-helpers-amd64-signed', 'grub-efi-amd64-signed'],
  shim: ['/usr/lib/shim/shimx64.efi.signed'],
  mokManager: ['/usr/lib/shim/mmx64.efi.signed'],
  grub: ['/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed'],
  grubConfigDirectory: '/EFI/debian',
};

const debian = {
  vendor: 'debian',
  components: ['main'],
  keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
  kernelPackage: 'linux-image-cloud-amd64',
  // busybox: initramfs-tools only recommends it on Debian; zstd: to compress the initrd;
  // usr-is-merged: satisfies what would else bring usrmerge, and with it all of Perl.
  packages: ['busybox', 'usr-is-merged', 'zstd'],
  mergeUsr: true,
  secureBoot,
} as const;

export const bookworm: Profile = {
  ...debian,
  name: 'bookworm',
  title: 'Debian 12 (bookworm)',
  suite: 'bookworm',
  updatesSuite: 'bookworm-updates',
  securitySuite: 'bookworm-security',
};

export const trixie: Profile = {
  ...debian,
  name: 'trixie',
  title: 'Debian 13 (trixie)',
  suite: 'trixie',
  updatesSuite: 'trixie-updates',
  securitySuite: 'trixie-security',
};
