import type {
  DiskMatch,
  DiskSizes,
  InstallCommand,
  NetworkSettings,
  SectorBytes,
} from '@micro-linux/provision';
import type { ProfileName } from '../profiles/profile.ts';
import type { Datasource } from './datasources.ts';
import type { FilesConfig } from './files.ts';
import type { HooksConfig } from './hooks.ts';
import type { RepositoryConfig } from './repositories.ts';
import type { SystemConfig } from './system.ts';
import type { ImageGroupConfig, ImageUserConfig, SudoConfig } from './users.ts';

/** What to build, after defaults, the file, the environment and the flags have been merged. */
export interface Config extends SystemConfig, FilesConfig {
  readonly profile: ProfileName;
  /** Version of the image, `1.2.3` or `1.2.3-rc.1`. */
  readonly version: string;
  /** Product id: only devices of the same product accept the update. */
  readonly compatible: string;
  /** Package mirrors without a trailing slash; undefined: those of the profile. */
  readonly mirror: MirrorConfig | undefined;
  /** Absolute path of the keyring with the mirror's signing keys; undefined: that of the profile. */
  readonly keyring: string | undefined;
  /** Absolute path of a file with the archives' logins, in the form of apt_auth.conf(5); or `env:NAME`. */
  readonly mirrorAuth?: string;
  readonly repositories: readonly RepositoryConfig[];
  readonly packages: PackagesConfig;
  readonly hooks: HooksConfig;
  readonly kernel: KernelConfig;
  readonly hostname: string;
  readonly user: UserConfig;
  /** Accounts of the image itself, in addition to `user`. */
  readonly users: readonly ImageUserConfig[];
  readonly groups: readonly ImageGroupConfig[];
  readonly network: NetworkSettings;
  readonly disk: DiskConfig;
  /** Values of `console=` in order; the last one is /dev/console. */
  readonly console: readonly string[];
  /** Name in the tz database, e.g. `Europe/Berlin`. */
  readonly timezone: string;
  /** `C.UTF-8` or `xx_YY.UTF-8`. */
  readonly locale: string;
  readonly cloudInit: CloudInitConfig;
  readonly boot: BootConfig;
  readonly prune: PruneConfig;
  readonly update: UpdateConfig;
  readonly install: InstallConfig;
}

export interface MirrorConfig {
  readonly archive: string;
  readonly security: string;
}

export interface DiskConfig extends DiskSizes {
  /** Of the disk image; an installer uses the size of the disk that it finds. */
  readonly sectorBytes: SectorBytes;
}

export interface PackagesConfig {
  /** Installed in addition to what the profile needs. */
  readonly add: readonly string[];
  /** Left out of what the profile would install. */
  readonly remove: readonly string[];
  /** Of the distribution, in addition to those of the profile. */
  readonly components: readonly string[];
  /** .deb files, and folders of them; absolute once loaded. */
  readonly local: readonly string[];
}

export interface KernelConfig {
  /** undefined: the profile's kernel. */
  readonly package: string | undefined;
  /** Safe to put unquoted into grub.cfg. */
  readonly arguments: readonly string[];
}

export interface UserConfig {
  readonly name: string;
  /** authorized_keys lines without options; before the loader has read them, also files with some. */
  readonly sshKeys: readonly string[];
  readonly password: PasswordConfig;
  /** undefined: with a password, or without one if the user has none. */
  readonly sudo?: SudoConfig | undefined;
}

export type PasswordConfig =
  /** A fresh one for each build. */
  | { readonly kind: 'generate' }
  /** No password login at all. */
  | { readonly kind: 'disabled' }
  /** A crypt(3) string. */
  | { readonly kind: 'hash'; readonly hash: string };

/** Whether cloud-init is in the image, and where it looks. */
export interface CloudInitConfig {
  readonly enabled: boolean;
  /** At least one. */
  readonly datasources: readonly Datasource[];
}

export interface BootConfig {
  /** How long GRUB shows its menu, in seconds. */
  readonly timeoutSeconds: number;
  /** Boots that a new slot gets to become healthy. */
  readonly tries: number;
  /** Failed boots in a row after which GRUB leaves the confirmed slot and starts the other one. */
  readonly counter: number;
}

/** How updates are signed, and whose updates devices accept. Paths are absolute once loaded. */
export interface UpdateConfig {
  /** A device refuses an image below the highest index it has confirmed. */
  readonly rollbackIndex: number;
  /** Public key files; none: the development key is trusted. */
  readonly trustedKeys: readonly string[];
  /** Key ids. */
  readonly revokedKeys: readonly string[];
  /** Private key file. Never together with {@link UpdateConfig.signCommand}. */
  readonly signingKey: string | undefined;
  /** Shell command that prints a signature by the key of `signingPublicKey`. */
  readonly signCommand: string | undefined;
  readonly signingPublicKey: string | undefined;
  /** Signatures by different trusted keys that devices ask for. */
  readonly threshold: number;
  /** Of zstd, 1–22. */
  readonly compressionLevel: number;
  /** Oldest agent that may install the update; undefined: any. */
  readonly minimumAgent: string | undefined;
  /** Where the development key is, or would be made. */
  readonly developmentKey: string;
}

export interface PruneConfig {
  readonly documentation: boolean;
  readonly locales: boolean;
  readonly hwdb: boolean;
  readonly firmware: boolean;
  /** Absolute globs without `..`. */
  readonly paths: readonly string[];
}

/** How the installer works. */
export interface InstallConfig {
  readonly disk: DiskMatch;
  /** Keep the existing data partition. */
  readonly preserveData: boolean;
  /** How long the boot menu of an ISO waits for a key. */
  readonly countdownSeconds: number;
  readonly shutdown: 'reboot' | 'poweroff';
  readonly earlyCommands: readonly InstallCommand[];
  readonly lateCommands: readonly InstallCommand[];
  readonly errorCommands: readonly InstallCommand[];
}
