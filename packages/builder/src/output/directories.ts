import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { isCheckout } from '../system/installation.ts';

/** Name of the record of a build. */
export const BUILD_RECORD_FILE = 'build.json';

/** Name of the log of a build. */
export const BUILD_LOG_FILE = 'build.log';

/** Name of the file with the login; git-ignored. */
export const CREDENTIALS_FILE = 'credentials.txt';

/** Name of the folder of the seed. */
export const SEED_DIRECTORY = 'autoinstall';

/** Where a command reads and writes. */
export interface Directories {
  /** The checkout, or where the npm package was unpacked. */
  readonly root: string;
  readonly artifacts: string;
  readonly cache: string;
  /** Parent of work directories: on a disk, and accessible to every user. */
  readonly temporary: string;
}

/** Where a build reads and writes. */
export interface BuildPlaces extends Directories {
  /** The folder of this build, below {@link BuildPlaces.latest}. */
  readonly artifacts: string;
  /** The artifacts directory of all products, with links to their last builds. */
  readonly latest: string;
  /** What its folder and its files are called: see `buildName`. */
  readonly name: string;
  readonly profile: string;
}

/**
 * The directories for a command: by default, artifacts/ of the checkout (of the current folder, if
 * the builder was installed as an npm package), the cache according to the XDG base directory specification, TMPDIR or /var/tmp (which, unlike /tmp, is never in memory).
 */
export function directories(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly artifacts?: string | undefined; readonly cwd: string },
): Directories {
  return {
    root,
    artifacts: options.artifacts
      ? resolve(options.cwd, options.artifacts)
      : join(isCheckout(root) ? root : options.cwd, 'artifacts'),
    cache: join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'micro-linux'),
    temporary: env['TMPDIR'] || '/var/tmp',
  };
}
