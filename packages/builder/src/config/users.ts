/** An account of the image in addition to the first user. */
export interface ImageUserConfig {
  readonly name: string;
  /** Number of the user, and of its own group. */
  readonly id: number;
  /** For a service: nobody logs in as it. */
  readonly system: boolean;
  /** The full name, for passwd(5). */
  readonly comment: string;
  /** Name of a group of the config; undefined: its own group, with the same name and number. */
  readonly group: string | undefined;
  /** Other groups, of the config or of the image. */
  readonly groups: readonly string[];
  readonly shell: string;
  /** undefined: none. */
  readonly home: string | undefined;
  /** authorized_keys lines without options, or files with some until the loader has read them. */
  readonly sshKeys: readonly string[];
  /** A crypt(5) hash; undefined: none. */
  readonly passwordHash: string | undefined;
  /** Whether the password must be changed at the first login. */
  readonly changePassword: boolean;
  readonly sudo: SudoConfig;
}

/** What a user may do with sudo. */
export type SudoConfig =
  | { readonly kind: 'none' | 'password' | 'nopasswd' }
  /** Rules in the format of sudoers(5). */
  | {
      readonly kind: 'file';
      readonly path: string;
      /** Set by the loader. */
      readonly text: string;
    };

export interface ImageGroupConfig {
  readonly name: string;
  readonly id: number;
}
