import { open } from 'node:fs/promises';
import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { loginVariable } from '../config/login-source.ts';

/** One login of a file in the format of apt_auth.conf(5). */
export interface AptLogin {
  /** Undefined: https only, as in apt. */
  readonly scheme: string | undefined;
  readonly host: string;
  /** Undefined: any. */
  readonly port: string | undefined;
  /** The address must begin with it; may be empty. */
  readonly path: string;
  readonly login: string;
  readonly password: string;
}

/** Far larger than any file of logins, and smaller than a disk named by mistake. */
const MAXIMUM_BYTES = 64 * 1024;

/** The values of variables with logins, which are taken out of the environment. */
const taken = new Map<string, string>();

/** The value of a variable, which programs that we start do not see from then on. */
function takeVariable(name: string): string | undefined {
  const value = taken.get(name) ?? process.env[name];
  if (value !== undefined) {
    taken.set(name, value);
    delete process.env[name];
  }
  return value;
}

/**
 * Reads the logins in a file, or in the variable of `env:NAME`.
 *
 * @returns the logins, and whether others can read the file.
 * @throws MicroLinuxError, exit code 2: `mirror-auth-unreadable`, `mirror-auth-invalid`. They
 *   contain nothing from the file.
 */
export async function readAptLogins(
  path: string,
): Promise<{ readonly logins: readonly AptLogin[]; readonly exposed: boolean }> {
  const variable = loginVariable(path);
  let text: string;
  let mode: number;
  if (variable !== undefined) {
    const value = takeVariable(variable);
    if (value === undefined) {
      throw new MicroLinuxError({
        code: 'mirror-auth-unreadable',
        message: `the variable ${variable} with the archives' logins is not set`,
        hint: `set ${variable}, or correct mirrorAuth (--mirror-auth FILE)`,
        exitCode: ExitCode.usage,
      });
    }
    return { logins: someLogins(value, path), exposed: false };
  }
  try {
    const file = await open(path);
    try {
      const info = await file.stat();
      if (!info.isFile() || info.size > MAXIMUM_BYTES) {
        throw new Error('it is not a file of logins');
      }
      [text, mode] = [await file.readFile('utf8'), info.mode];
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new MicroLinuxError({
      code: 'mirror-auth-unreadable',
      message: `the file with the mirror's login, ${path}, cannot be read`,
      why: cause instanceof Error ? cause.message : String(cause),
      hint: 'correct mirrorAuth (--mirror-auth FILE)',
      exitCode: ExitCode.usage,
      cause,
    });
  }
  return { logins: someLogins(text, path), exposed: (mode & 0o077) !== 0 };
}

function someLogins(text: string, path: string): readonly AptLogin[] {
  const logins = parseAptLogins(text);
  if (logins.length === 0) {
    throw new MicroLinuxError({
      code: 'mirror-auth-invalid',
      message: `${path} contains no login`,
      why: 'it must have the form of apt_auth.conf(5)',
      hint: 'write one line for each mirror: machine https://mirror.example login NAME password SECRET',
      exitCode: ExitCode.usage,
    });
  }
  return logins;
}

/** {@link readAptLogins} for a config's `mirrorAuth`; empty if it is not set. */
export async function configuredLogins(
  mirrorAuth: string | undefined,
): Promise<readonly AptLogin[]> {
  return mirrorAuth === undefined ? [] : (await readAptLogins(mirrorAuth)).logins;
}

/** Parses apt_auth.conf(5); ignores incomplete entries. */
export function parseAptLogins(text: string): readonly AptLogin[] {
  const words = text
    .split('\n')
    .filter((line) => !line.trim().startsWith('#'))
    .join('\n')
    .split(/\s+/);
  const logins: AptLogin[] = [];
  let machine: string | undefined;
  let login: string | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const value = words[index + 1];
    if (value === undefined) {
      break;
    }
    switch (words[index]) {
      case 'machine':
        [machine, login] = [value, undefined];
        break;
      case 'login':
        login = value;
        break;
      case 'password':
        if (machine !== undefined && login !== undefined) {
          logins.push({ ...parseMachine(machine), login, password: value });
        }
        break;
      default:
        continue;
    }
    index += 1;
  }
  return logins;
}

function parseMachine(text: string): Pick<AptLogin, 'scheme' | 'host' | 'port' | 'path'> {
  const match = /^(?:([a-z0-9+.-]+):\/\/)?(\[[^\]]*\]|[^:/]*)(?::(\d+))?(\/.*)?$/i.exec(text);
  return {
    scheme: match?.[1]?.toLowerCase(),
    host: (match?.[2] ?? '').toLowerCase(),
    port: match?.[3],
    path: match?.[4] ?? '',
  };
}

/** The login that apt would use for an address: the first match, if any. */
export function loginFor(url: URL, logins: readonly AptLogin[]): AptLogin | undefined {
  const scheme = url.protocol.slice(0, -1);
  return logins.find(
    (login) =>
      (login.scheme ?? 'https') === scheme &&
      login.host === url.hostname &&
      (login.port === undefined || login.port === (url.port || DEFAULT_PORTS[scheme])) &&
      url.pathname.startsWith(login.path),
  );
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/** `Basic …` of RFC 7617. It contains the password. */
export function basicAuthorization({ login, password }: AptLogin): string {
  return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
}

/** Formats logins as a file for apt. */
export function renderAptLogins(logins: readonly AptLogin[]): string {
  return logins
    .map(({ scheme, host, port, path, login, password }) => {
      const machine = `${scheme === undefined ? '' : `${scheme}://`}${host}${port === undefined ? '' : `:${port}`}${path}`;
      return `machine ${machine} login ${login} password ${password}\n`;
    })
    .join('');
}
