/** Name of a profile: that of its file in `releases/`, such as `noble`. */
export type ProfileName = string;

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

/** Ubuntu's live-server ISO of a release, as far as `iso --source-iso` knows it. */
export interface LiveServer {
  /** As its `/.disk/info` has it, without the point release: `24.04`. */
  readonly release: string;
}

/** Everything that differs between the releases we build; each has a file in `releases/`. */
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
  /** Undefined where no ISO of the release was seen to be remastered: then none is accepted. */
  readonly liveServer?: LiveServer;
  /** The profile to build instead where this one's archive is out of reach. */
  readonly standIn?: ProfileName;
}
