import type { UserPassword } from './accounts.ts';
import type { NetworkSettings } from './network-settings.ts';

/** The identity of one machine. */
export interface Identity {
  /** A host name, or a template from which the device makes one at its first boot. */
  readonly hostname: string;
  readonly user: string;
  /** A crypt(5) hash; undefined when only keys can log in. */
  readonly passwordHash: string | undefined;
  /** Whether sshd accepts passwords too; never true without one. */
  readonly sshPassword: boolean;
  readonly sshKeys: readonly string[];
  /** Of users that the image itself has. */
  readonly passwords?: readonly UserPassword[];
  readonly network: NetworkSettings;
  readonly timezone: string;
  readonly locale: string;
}
