import type { Profile } from './profile.ts';
import { VENDORS } from './vendors.ts';

/** The profile of a release of Ubuntu, given its code name and number (`24.04 LTS`). */
export function ubuntuRelease(suite: string, version: string): Profile {
  return {
    name: suite,
    vendor: 'ubuntu',
    title: `Ubuntu ${version} (${suite})`,
    suite,
    updatesSuite: `${suite}-updates`,
    securitySuite: `${suite}-security`,
    components: ['main', 'universe'],
    keyring: VENDORS.ubuntu.keyring,
    kernelPackage: 'linux-image-virtual',
    packages: ['zstd'],
    // base-files contains the links, and provides usr-is-merged.
    mergeUsr: false,
    secureBoot: {
      packages: ['shim-signed', 'grub-efi-amd64-signed'],
      // The plain name is a link by update-alternatives, which does not run here.
      shim: [
        '/usr/lib/shim/shimx64.efi.signed.latest',
        '/usr/lib/shim/shimx64.efi.dualsigned',
        '/usr/lib/shim/shimx64.efi.signed',
      ],
      mokManager: ['/usr/lib/shim/mmx64.efi'],
      grub: ['/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed'],
      grubConfigDirectory: '/EFI/ubuntu',
    },
    standIn: 'bookworm',
  };
}
