/** Name of a profile: the name of its file in `releases/`, such as `noble`. */
export type ProfileName = string;

/** A distribution's signed UEFI boot programs, and where its GRUB looks for its config. */
export interface SecureBoot {
  /** Packages to download (never installed into the image). */
  readonly packages: readonly string[];
  /** Candidate paths in those packages; the first that exists is used. */
  readonly shim: readonly string[];
  readonly mokManager: readonly string[];
  readonly grub: readonly string[];
  /** Directory on the ESP in which the signed GRUB was built to look for grub.cfg. */
  readonly grubConfigDirectory: string;
}

/** Ubuntu's live-server ISO of a release, for `iso --source-iso`. */
export interface LiveServer {
  /** As in its `/.disk/info`, without the point release: `24.04`. */
  readonly release: string;
}

/** Everything that differs between the releases we build; each has a file in `releases/`. */
export interface Profile {
  readonly name: ProfileName;
  readonly vendor: 'ubuntu' | 'debian';
  /** For display, e.g. in a boot menu. */
  readonly title: string;
  /** apt suite names: the release and its pockets. */
  readonly suite: string;
  readonly updatesSuite: string;
  readonly securitySuite: string;
  readonly components: readonly string[];
  /** Where the vendor's archive keyring package installs its keys. */
  readonly keyring: string;
  readonly kernelPackage: string;
  /** In addition to those of all profiles. */
  readonly packages: readonly string[];
  /** Whether /usr has to be merged before the first package is unpacked. */
  readonly mergeUsr: boolean;
  readonly secureBoot: SecureBoot;
  /**
   * Undefined if remastering was never tested with an ISO of the release: then none is accepted.
   */
  readonly liveServer?: LiveServer;
  /** The profile to build instead if this one's archive is unreachable. */
  readonly standIn?: ProfileName;
}
