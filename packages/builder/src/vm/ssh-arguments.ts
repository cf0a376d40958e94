/** How a guest knows the user; with both, the key logs in and the password is for sudo. */
export type SshLogin =
  | { readonly user: string; readonly password: string }
  | { readonly user: string; readonly identity: string };

/** Where a guest's sshd is reached, and what proves that it is the same one. */
export interface SshAddress {
  readonly host: string;
  readonly port: number;
  /** A throw-away file: the first key seen is kept, another one later is refused. */
  readonly knownHosts: string;
  /** The socket of a connection that is open already, if there is one; short. */
  readonly controlPath?: string | undefined;
}

/** Seconds. A guest under TCG may take long over its first handshake, longer still on a busy host. */
const CONNECT_TIMEOUT_S = 300;

/**
 * The arguments of ssh, without a command; pure. The user's own config, keys and agent are left
 * out: only what is named here is tried.
 *
 * @param terminal Whether the remote command gets a terminal.
 */
export function sshArguments(address: SshAddress, login: SshLogin, terminal: boolean): string[] {
  return [
    ...['-F', 'none', '-p', String(address.port), '-l', login.user],
    terminal ? '-t' : '-T',
    ...option('StrictHostKeyChecking', 'accept-new'),
    ...option('UserKnownHostsFile', `"${address.knownHosts}"`),
    ...option('GlobalKnownHostsFile', '/dev/null'),
    ...option('LogLevel', 'ERROR'),
    ...option('ConnectTimeout', String(CONNECT_TIMEOUT_S)),
    ...option('ServerAliveInterval', '30'),
    ...option('ServerAliveCountMax', '10'),
    ...option('IdentityAgent', 'none'),
    ...option('IdentitiesOnly', 'yes'),
    ...(address.controlPath === undefined ? [] : option('ControlPath', `"${address.controlPath}"`)),
    ...('identity' in login
      ? [
          ...['-i', login.identity],
          ...option('PreferredAuthentications', 'publickey'),
          ...option('BatchMode', 'yes'),
        ]
      : [
          ...option('PreferredAuthentications', 'password,keyboard-interactive'),
          ...option('PubkeyAuthentication', 'no'),
          ...option('NumberOfPasswordPrompts', '1'),
        ]),
    address.host,
  ];
}

function option(name: string, value: string): string[] {
  return ['-o', `${name}=${value}`];
}
