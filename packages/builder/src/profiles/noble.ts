import type { Profile } from './profile.ts';

export const noble: Profile = {
  name: 'noble',
  vendor: 'ubuntu',
  title: 'Ubuntu 24.04 LTS (noble)',
  suite: 'noble',
  updatesSuite: 'noble-updates',
  securitySuite: 'noble-security',
  components: ['main', 'universe'],
  keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
  kernelPackage: 'linux-image-virtual',
  packages: ['zstd'],
  // base-files brings the links, and provides usr-is-merged.
  mergeUsr: false,
  secureBoot: {
    packages: ['shim-signed', 'grub-efi-amd64-signed'],
    // The plain name is a link made by update-alternatives, which does not run here.
    shim: [
      '/usr/lib/shim/shimx64.efi.signed.latest',
      '/usr/lib/shim/shimx64.efi.dualsigned',
      '/usr/lib/shim/shimx64.efi.signed',
    ],
    mokManager: ['/usr/lib/shim/mmx64.efi'],
    grub: ['/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed'],
    grubConfigDirectory: '/EFI/ubuntu',
  },
};
