import type { Profile } from './profile.ts';

/** What all releases of a vendor have in common beyond their profiles. */
export interface Vendor {
  /** The package with the keys of its archive, on Debian and Ubuntu hosts. */
  readonly keyringPackage: string;
  /** Where that package installs them. */
  readonly keyring: string;
  /** All components of its archive. */
  readonly components: readonly string[];
  /** Whether persons and teams can have archives of their own (PPAs). */
  readonly personalArchives: boolean;
  /** The kernel with all drivers that the vendor has. */
  readonly wholeKernel: string;
  /**
   * Builds the address of the security archive from an archive address that ends with `archiveEnd`,
   * with this suffix. Undefined if the archive itself has the security updates.
   */
  readonly separateSecurity?: { readonly archiveEnd: string; readonly suffix: string };
}

/** The vendors by their name in profiles and cloud-init. */
export const VENDORS: Readonly<Record<Profile['vendor'], Vendor>> = {
  debian: {
    keyringPackage: 'debian-archive-keyring',
    keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
    components: ['main', 'contrib', 'non-free', 'non-free-firmware'],
    personalArchives: false,
    wholeKernel: 'linux-image-amd64',
    separateSecurity: { archiveEnd: '/debian', suffix: '-security' },
  },
  ubuntu: {
    keyringPackage: 'ubuntu-keyring',
    keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
    components: ['main', 'universe', 'restricted', 'multiverse'],
    personalArchives: true,
    wholeKernel: 'linux-image-generic',
  },
};
