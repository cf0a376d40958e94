import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, MicroLinuxError, type Runner } from '@micro-linux/core';
import { missingPackages } from './missing-tools.ts';
import { parseOsRelease } from './os-release.ts';
import { HOST_PACKAGES, type HostNeed } from './packages.ts';
import type { SetupFacts } from './setup-plan.ts';
import { parseSubIds } from './sub-ids.ts';
import { findTool, toolPath } from './tool-path.ts';
import { UBUNTU_KEYRING_PACKAGE } from './ubuntu-keyring.ts';

export interface SetupFactsOptions {
  readonly userName: string;
  readonly needs: readonly HostNeed[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The builder's cache directory. */
  readonly cache: string;
  readonly run: Runner;
  readonly signal?: AbortSignal;
}

/** Gathers the facts; changes nothing. */
export async function gatherSetupFacts(options: SetupFactsOptions): Promise<SetupFacts> {
  const path = toolPath(options.env['PATH']);
  const find = (name: string) => findTool(name, path);
  const hasApt = (await find('apt-get')) !== undefined;
  const [osText, subUids, subGids, missing, targets, aptKnowsUbuntuKeyring, uid] =
    await Promise.all([
      textOf('/etc/os-release'),
      textOf('/etc/subuid'),
      textOf('/etc/subgid'),
      missingPackages(
        HOST_PACKAGES.filter(({ need }) => options.needs.includes(need)),
        find,
      ),
      hasApt ? aptTargets(options) : [],
      hasApt && aptKnows(UBUNTU_KEYRING_PACKAGE, options),
      userId(options),
    ]);
  const os = parseOsRelease(osText);
  return {
    os,
    hasApt,
    missing,
    user: { name: options.userName, uid },
    subUids: parseSubIds(subUids),
    subGids: parseSubIds(subGids),
    aptKnowsUbuntuKeyring,
    debianMirror: debianMirror(targets, os.codename),
    components: [...new Set(targets.map(({ component }) => component))],
    workDirectory: join(options.cache, 'ubuntu-keyring'),
  };
}

/** One index apt is configured to fetch. */
export interface AptTarget {
  readonly uri: string;
  readonly release: string;
  readonly component: string;
  /** Empty until the index has been fetched once. */
  readonly origin: string;
}

const TARGET_FIELDS = ['REPO_URI', 'RELEASE', 'COMPONENT', 'ORIGIN'];

/** Parses the output of `apt-get indextargets`, one target per line. */
export function parseAptTargets(text: string): AptTarget[] {
  return text.split('\n').flatMap((line) => {
    const [uri = '', release = '', component = '', origin = ''] = line.split('\t');
    // apt prints the placeholder itself for a field it does not know.
    return uri === ''
      ? []
      : [{ uri, release, component, origin: /^\$/.test(origin) ? '' : origin }];
  });
}

/**
 * The mirror a Debian host gets its own release from. `Origin` takes precedence over the suite's
 * name, which other archives use too.
 */
export function debianMirror(
  targets: readonly AptTarget[],
  hostRelease: string,
): string | undefined {
  const own = targets.filter(
    ({ uri, release, component }) =>
      /^(?:https?|file):/.test(uri) && release === hostRelease && component === 'main',
  );
  const found = own.find(({ origin }) => origin === 'Debian') ?? own.find(({ origin }) => !origin);
  return found?.uri;
}

/** A file's text; empty if it is missing. */
export async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

async function aptTargets({ run, signal }: SetupFactsOptions): Promise<AptTarget[]> {
  const format = TARGET_FIELDS.map((field) => `$(${field})`).join('\t');
  const { stdout } = await run(
    'apt-get',
    ['indextargets', '--format', format, 'Created-By: Packages'],
    { ...(signal ? { signal } : {}), okExitCodes: [0, 100] },
  );
  return parseAptTargets(stdout);
}

async function aptKnows(name: string, { run, signal }: SetupFactsOptions): Promise<boolean> {
  const { stdout } = await run('apt-cache', ['policy', name], {
    env: { LC_ALL: 'C' },
    ...(signal ? { signal } : {}),
    okExitCodes: [0, 100],
  });
  return /^ {2}Candidate: (?!\(none\))/m.test(stdout);
}

async function userId({ run, signal, userName }: SetupFactsOptions): Promise<number> {
  const { stdout, exitCode } = await run('id', ['-u', '--', userName], {
    okExitCodes: [0, 1],
    ...(signal ? { signal } : {}),
  });
  if (exitCode !== 0) {
    throw new MicroLinuxError({
      code: 'user-unknown',
      message: `there is no user ${userName} on this host`,
      exitCode: ExitCode.usage,
    });
  }
  return Number(stdout.trim());
}
