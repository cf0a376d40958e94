import {
  type InstallCommand,
  installCommand,
  type NetworkSection,
  NO_PASSWORD,
  networkSection,
  SOURCE_ID,
  type StorageSection,
  storageSection,
  type UserDataSection,
  userDataSection,
} from '@micro-linux/provision';
import type { Config } from '../../config/config.ts';
import { passwordsOf } from '../../config/identity/identity-of.ts';

/** The keys of an autoinstall that we write, in the order we write them. */
export interface Autoinstall {
  readonly version: 1;
  readonly locale: string;
  readonly timezone: string;
  readonly source: { readonly id: string; readonly search_drivers: false };
  readonly network: NetworkSection;
  readonly apt: { readonly geoip: false; readonly fallback: 'offline-install' };
  readonly storage: StorageSection;
  readonly identity: {
    readonly hostname: string;
    readonly username: string;
    readonly password: string;
  };
  readonly ssh: {
    readonly 'install-server': true;
    readonly 'allow-pw': boolean;
    readonly 'authorized-keys': readonly string[];
  };
  readonly 'user-data'?: UserDataSection;
  readonly 'early-commands': readonly InstallCommand[];
  readonly 'late-commands': readonly InstallCommand[];
  readonly 'error-commands'?: readonly InstallCommand[];
  readonly shutdown: 'reboot' | 'poweroff';
}

/**
 * The autoinstall of a config. Without an interactive section, nothing is asked.
 *
 * @param passwordHash a crypt(5) hash; undefined: only SSH keys may log in.
 */
export function makeAutoinstall(config: Config, passwordHash: string | undefined): Autoinstall {
  const { install } = config;
  const passwords = passwordsOf(config);
  return {
    version: 1,
    locale: config.locale,
    timezone: config.timezone,
    source: { id: SOURCE_ID, search_drivers: false },
    network: networkSection(config.network),
    apt: { geoip: false, fallback: 'offline-install' },
    storage: storageSection({
      disk: config.disk,
      match: install.disk,
      preserveData: install.preserveData,
    }),
    identity: {
      hostname: config.hostname,
      username: config.user.name,
      password: passwordHash ?? NO_PASSWORD,
    },
    ssh: {
      'install-server': true,
      'allow-pw': passwordHash !== undefined || passwords.length > 0,
      'authorized-keys': config.user.sshKeys,
    },
    ...(passwords.length === 0 ? {} : { 'user-data': userDataSection(passwords) }),
    // Commands of the config may load a driver that the disk needs.
    'early-commands': [...install.earlyCommands, installCommand('early')],
    'late-commands': [installCommand('late'), ...install.lateCommands],
    ...(install.errorCommands.length === 0 ? {} : { 'error-commands': install.errorCommands }),
    shutdown: install.shutdown,
  };
}
