import type { Profile } from './profile.ts';
import { VENDORS } from './vendors.ts';

/** The profile of a release of Debian, given its code name and number. */
export function debianRelease(suite: string, version: string): Profile {
  return {
    name: suite,
    vendor: 'debian',
    title: `Debian ${version} (${suite})`,
    suite,
    updatesSuite: `${suite}-updates`,
    securitySuite: `${suite}-security`,
    components: ['main'],
    keyring: VENDORS.debian.keyring,
    kernelPackage: 'linux-image-cloud-amd64',
    // busybox: initramfs-tools only recommends it on Debian; zstd: to compress the initrd;
    // usr-is-merged: satisfies a dependency that would otherwise install usrmerge, and with it all
    // of Perl.
    packages: ['busybox', 'usr-is-merged', 'zstd'],
    mergeUsr: true,
    secureBoot: {
      packages: ['shim-signed', 'shim-helpers-amd64-signed', 'grub-efi-amd64-signed'],
      shim: ['/usr/lib/shim/shimx64.efi.signed'],
      mokManager: ['/usr/lib/shim/mmx64.efi.signed'],
      grub: ['/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed'],
      grubConfigDirectory: '/EFI/debian',
    },
  };
}
