export const PROFILE_NAMES = ['noble', 'bookworm', 'trixie'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** Where a distribution keeps the signed UEFI boot programs, and where its GRUB looks for config. */
export interface SecureBoot {
  /** Packages to download (never installed into the image). */
  readonly packages: readonly string[];
  /** Candidate paths in those packages, first found is taken. */
  readonly shim: readonly string[];
  readonly mokManager: readonly string[];
  readonly grub: readonly string[];
  /** Directory on the ESP in which the signed GRUB was built to look for grub.cfg. */
  readonly grubConfigDirectory: string;
}

/** Everything that differs between the distributions we build. */
export interface Profile {
  readonly name: ProfileName;
  readonly vendor: 'ubuntu' | 'debian';
  /** As people read it, e.g. in a boot menu. */
  readonly title: string;
  /** apt suite names: the release and its pockets. */
  readonly suite: string;
  readonly updatesSuite: string;
  readonly securitySuite: string;
  readonly components: readonly string[];
  /** Where the vendor's archive keyring package installs its keys. */
  readonly keyring: string;
  readonly kernelPackage: string;
  /** Beside what all profiles share. */
  readonly packages: readonly string[];
  /** Whether /usr has to be merged before the first package is unpacked. */
  readonly mergeUsr: boolean;
  readonly secureBoot: SecureBoot;
}
