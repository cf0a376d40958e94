import { join } from 'node:path';
import { MicroLinuxError, type Runner, type RunResult, type Starter } from '@micro-linux/core';
import { writeAskpass } from './askpass.ts';
import { awaitSshd } from './await-sshd.ts';
import type { StartTimer } from './own-time.ts';
import { type SshAddress, type SshLogin, sshArguments } from './ssh-arguments.ts';

export interface SshOptions {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly login: SshLogin;
  /** Private, for the known hosts and the password file; the caller removes it. */
  readonly directory: string;
  readonly run: Runner;
  readonly start: Starter;
  readonly signal?: AbortSignal | undefined;
  /** The clock of {@link Ssh.ready}: usually the machine's own. */
  readonly startTimer?: StartTimer | undefined;
}

export interface RemoteOptions {
  /** Milliseconds; no limit by default. */
  readonly timeoutMs?: number | undefined;
  /** Standard input of the remote command. */
  readonly input?: string | Uint8Array | undefined;
  /** Statuses that are not failures; `[0]` by default. */
  readonly okExitCodes?: readonly number[] | undefined;
  /** Called for each line of its output. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** A guest to run commands in. */
export interface Ssh {
  readonly login: SshLogin;
  /** Resolves when sshd answers. @throws MicroLinuxError `ssh-unreachable`, `cancelled`. */
  ready(options: { readonly timeoutMs: number }): Promise<void>;
  /**
   * Logs in once for all following commands: a handshake takes seconds without KVM. The connection
   * ends with the guest, or by {@link Ssh.hangUp}; then each command logs in again.
   *
   * @throws MicroLinuxError `ssh-failed`, `cancelled`.
   */
  stayConnected(options: { readonly timeoutMs: number }): Promise<void>;
  /** Closes the connection of {@link Ssh.stayConnected}, if open. */
  hangUp(): Promise<void>;
  /**
   * Runs a shell command line as the user who logged in.
   *
   * @throws MicroLinuxError `ssh-failed` (no connection or login; status 255), `tool-failed`
   *   (another failure status), `tool-timeout`, `tool-missing`, `cancelled`.
   */
  run(command: string, options: RemoteOptions): Promise<RunResult>;
  /** Like {@link Ssh.run}, but as root with sudo, which gets the user's password, if known. */
  runAsRoot(command: string, options: Omit<RemoteOptions, 'input'>): Promise<RunResult>;
  /**
   * Runs a command, by default a login shell, on the user's terminal.
   *
   * @returns The remote status; 255 if the connection failed, as in ssh.
   */
  session(command: string | undefined, terminal: boolean): Promise<number>;
}

const SSH = 'ssh';
/** ssh's own status for "no connection", which no sane remote command uses. */
const NO_CONNECTION = 255;

/** Prepares to run commands in a guest with the OpenSSH client; does not connect yet. */
export async function createSsh(options: SshOptions): Promise<Ssh> {
  const { login, port, directory, signal } = options;
  const address: SshAddress = {
    host: '127.0.0.1',
    port,
    knownHosts: join(directory, `known-hosts-${port}`),
    controlPath: join(directory, `ssh-${port}.sock`),
  };
  const env = 'password' in login ? await writeAskpass(directory, login.password) : {};

  async function run(command: string, remote: RemoteOptions): Promise<RunResult> {
    const okExitCodes = remote.okExitCodes ?? [0];
    const result = await options.run(SSH, [...sshArguments(address, login, false), command], {
      env,
      signal,
      input: remote.input,
      timeoutMs: remote.timeoutMs,
      onLine: remote.onLine,
      okExitCodes: [...okExitCodes, NO_CONNECTION],
    });
    if (result.exitCode === NO_CONNECTION && !okExitCodes.includes(NO_CONNECTION)) {
      throw sshFailed(login, port, result);
    }
    return result;
  }

  return {
    login,
    run,
    ready: ({ timeoutMs }) =>
      awaitSshd({ host: address.host, port, timeoutMs, signal, startTimer: options.startTimer }),
    async stayConnected({ timeoutMs }) {
      const master = ['-M', '-N', '-f', ...sshArguments(address, login, false)];
      const result = await options.run(SSH, master, {
        env,
        signal,
        timeoutMs,
        okExitCodes: [0, NO_CONNECTION],
      });
      if (result.exitCode === NO_CONNECTION) {
        throw sshFailed(login, port, result);
      }
    },
    async hangUp() {
      await options.run(SSH, ['-O', 'exit', ...sshArguments(address, login, false)], {
        okExitCodes: [0, NO_CONNECTION],
      });
    },
    runAsRoot: (command, remote) =>
      run(`${sudo(login)} sh -c ${quote(`exec </dev/null\n${command}`)}`, {
        ...remote,
        input: 'password' in login ? `${login.password}\n` : undefined,
      }),
    async session(command, terminal) {
      const args = [
        ...sshArguments(address, login, terminal),
        ...(command === undefined ? [] : [command]),
      ];
      const program = await options.start(SSH, args, { env, signal, terminal: 'inherit' });
      const { exitCode } = await program.exited;
      return exitCode ?? NO_CONNECTION;
    },
  };
}

/** `-k` invalidates earlier logins, so that sudo reads the password exactly when it is given. */
function sudo(login: SshLogin): string {
  return 'password' in login ? "sudo -k -S -p ''" : 'sudo -n';
}

/** Quotes one word for a POSIX shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function sshFailed(login: SshLogin, port: number, result: RunResult): MicroLinuxError {
  return new MicroLinuxError({
    code: 'ssh-failed',
    message: `could not log in as ${login.user} over ssh (port ${port})`,
    why: result.stderr.trim() || undefined,
    details: { user: login.user },
  });
}
