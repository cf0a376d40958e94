/** How a guest authenticates the user; with both, the key logs in and the password is for sudo. */
export type SshLogin =
  | { readonly user: string; readonly password: string }
  | { readonly user: string; readonly identity: string };

/** Address of a guest's sshd, and what proves its identity. */
export interface SshAddress {
  readonly host: string;
  readonly port: number;
  /** A temporary file: the first key is stored, and a different one later is refused. */
  readonly knownHosts: string;
  /** The socket of an open connection, if there is one. A short path. */
  readonly controlPath?: string | undefined;
}

/** Seconds. A guest under TCG may need long for its first handshake, and longer on a busy host. */
const CONNECT_TIMEOUT_S = 300;

/**
 * The arguments of ssh, without a command; pure. Ignores the user's config, keys and agent: only
 * uses what is given here.
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
