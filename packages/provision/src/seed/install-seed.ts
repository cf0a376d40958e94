import type { DiskMatch } from '../disk/disk-match.ts';
import type { Identity } from '../identity/identity.ts';
import { NO_PASSWORD } from '../values/password-hash.ts';
import { networkSettings } from './honoured-network.ts';
import type { HonouredSeed } from './honoured-schema.ts';
import { storageOptions } from './honoured-storage.ts';
import type { InstallCommand } from './install-program.ts';
import { type InstallStage, isInstallCommand } from './install-program.ts';
import { isInterfacesSection, readInterfaces } from './read-interfaces.ts';
import { passwordsIn } from './user-data-section.ts';

/** What a seed requests from our own installer. */
export interface InstallSeed {
  readonly identity: Identity;
  readonly disk: {
    readonly match: DiskMatch;
    readonly espBytes: number;
    readonly slotBytes: number;
    /** Keep the existing data partition. */
    readonly preserveData: boolean;
  };
  /** Without the line that runs our own program; likewise below. */
  readonly earlyCommands: readonly InstallCommand[];
  readonly lateCommands: readonly InstallCommand[];
  readonly errorCommands: readonly InstallCommand[];
  readonly shutdown: 'reboot' | 'poweroff';
}

/** Defaults for keys that a seed leaves out, as in the config. */
const DEFAULT = { locale: 'C.UTF-8', timezone: 'Etc/UTC', shutdown: 'reboot' } as const;

/** The settings of a seed without findings. */
export function installSeedOf(seed: HonouredSeed): InstallSeed {
  const { match, disk, preserveData } = storageOptions(seed.storage);
  return {
    identity: identityIn(seed),
    disk: { match, ...disk, preserveData },
    earlyCommands: withoutOurs(seed['early-commands'], 'early'),
    lateCommands: withoutOurs(seed['late-commands'], 'late'),
    errorCommands: seed['error-commands'] ?? [],
    shutdown: seed.shutdown ?? DEFAULT.shutdown,
  };
}

function identityIn(seed: HonouredSeed): Identity {
  const { hostname, username, password } = seed.identity;
  const sshKeys = [...new Set((seed.ssh['authorized-keys'] ?? []).map((key) => key.trim()))];
  const passwordHash = password === NO_PASSWORD ? undefined : password;
  const passwords = passwordsIn(seed['user-data'] ?? {});
  const hasPassword = passwordHash !== undefined || passwords.length > 0;
  return {
    hostname,
    user: username,
    passwordHash,
    // Subiquity's own rule if `allow-pw` is missing.
    sshPassword: hasPassword && (seed.ssh['allow-pw'] ?? sshKeys.length === 0),
    sshKeys,
    ...(passwords.length === 0 ? {} : { passwords }),
    network: isInterfacesSection(seed.network)
      ? readInterfaces(seed.network)
      : networkSettings(seed.network),
    timezone: seed.timezone ?? DEFAULT.timezone,
    locale: seed.locale ?? DEFAULT.locale,
  };
}

function withoutOurs(commands: readonly InstallCommand[] | undefined, stage: InstallStage) {
  return (commands ?? []).filter((command) => !isInstallCommand(command, stage));
}
