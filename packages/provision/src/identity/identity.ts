import type { NetworkSettings } from './network-settings.ts';

/** The identity of one machine. */
export interface Identity {
  readonly hostname: string;
  readonly user: string;
  /** A crypt(5) hash; undefined when only keys can log in. */
  readonly passwordHash: string | undefined;
  /** Whether sshd accepts the password too; never true without one. */
  readonly sshPassword: boolean;
  readonly sshKeys: readonly string[];
  readonly network: NetworkSettings;
  readonly timezone: string;
  readonly locale: string;
}
