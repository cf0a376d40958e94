import type { NetworkSettings } from './network-settings.ts';

/** Everything that makes one machine this machine. */
export interface Identity {
  readonly hostname: string;
  readonly user: string;
  /** A crypt(5) hash; undefined when only keys may log in. */
  readonly passwordHash: string | undefined;
  /** Whether sshd takes the password too; never so without one. */
  readonly sshPassword: boolean;
  readonly sshKeys: readonly string[];
  readonly network: NetworkSettings;
  readonly timezone: string;
  readonly locale: string;
}
