import { MicroLinuxError, type Reporter } from '@micro-linux/core';
import type { Config } from '../../config/config.ts';
import { configuredLogins } from '../../host/apt-auth.ts';
import { archiveSources } from '../../host/archive.ts';
import { checkArchive } from '../../host/check-archive.ts';
import { profileOf } from '../../profiles/index.ts';
import {
  type ArchiveRelease,
  type ArchiveState,
  ageInWords,
  describeRelease,
} from '../../steps/rootfs/archive-state.ts';

/** How the packages of an image compare with the archive's current ones; part of `--json`. */
export interface PackageAge {
  /** When they were fetched, ISO 8601. */
  readonly fetchedAt: string;
  /** Whether the archive has newer package lists; null: it was not queried, or did not answer. */
  readonly archiveIsNewer: boolean | null;
  /** Suites with newer lists. */
  readonly newerSuites: readonly string[];
}

/** For all suites together: a build must not wait long for this. */
const TIMEOUT_MS = 5_000;

/**
 * Reports how old the packages of a cached root file system are, and warns if the archive has newer
 * ones. Costs one query to the archive. No answer is not an error.
 */
export async function compareArchive(
  state: ArchiveState,
  options: {
    readonly config: Config;
    readonly reporter: Reporter;
    readonly signal: AbortSignal;
    /** Do not query. */
    readonly offline: boolean;
    readonly now?: Date;
  },
): Promise<PackageAge> {
  const { reporter, offline } = options;
  const age = ageInWords(state.fetchedAt, options.now ?? new Date());
  const unknown = { fetchedAt: state.fetchedAt, archiveIsNewer: null, newerSuites: [] };
  if (offline) {
    reporter.info(`packages of ${age}; --offline: the archive is not asked for newer ones`);
    return unknown;
  }
  const { silent, newer } = await newerReleases(state, options);
  if (newer.length > 0) {
    const suites = newer.map(({ suite, date }) => `${suite} of ${date?.slice(0, 10) ?? 'now'}`);
    reporter.warn(
      `the packages are of ${age}, and the archive has newer ones: ${suites.join(', ')}. To get them: ./micro-linux build --fresh`,
    );
  } else if (silent !== undefined) {
    reporter.info(`packages of ${age}; whether there are newer ones is not known: ${silent}`);
  } else {
    reporter.info(`packages of ${age}; the archive has no newer ones`);
  }
  return {
    fetchedAt: state.fetchedAt,
    archiveIsNewer: newer.length > 0 ? true : silent === undefined ? false : null,
    newerSuites: newer.map(({ suite }) => suite),
  };
}

/** The suites with newer lists, and why others could not be compared. */
async function newerReleases(
  state: ArchiveState,
  options: { readonly config: Config; readonly signal: AbortSignal },
): Promise<{ readonly silent: string | undefined; readonly newer: readonly ArchiveRelease[] }> {
  try {
    const releases =
      state.releases.length > 0 ? state.releases : await guessReleases(state, options);
    const answers = await Promise.all(releases.map((release) => askAgain(release, options)));
    return {
      silent: answers.find((answer) => typeof answer === 'string'),
      newer: answers.flatMap((answer, index) =>
        typeof answer === 'object' && isNewer(answer, releases[index]) ? [answer] : [],
      ),
    };
  } catch (error) {
    if (error instanceof MicroLinuxError && error.code !== 'cancelled') {
      return { silent: error.message, newer: [] };
    }
    throw error;
  }
}

/** For a root file system of an older micro-linux: the archives it would be made from now. */
async function guessReleases(
  { fetchedAt }: ArchiveState,
  { config, signal }: { readonly config: Config; readonly signal: AbortSignal },
): Promise<readonly ArchiveRelease[]> {
  const sources = await archiveSources(profileOf(config.profile), config.mirror, { signal });
  return sources.map(({ uri, suite }) => ({
    url: `${uri.replace(/\/+$/, '')}/dists/${suite}/InRelease`,
    suite,
    date: fetchedAt,
    index: null,
  }));
}

/** The current state of the suite, or why it is unknown. */
async function askAgain(
  { url, suite }: ArchiveRelease,
  { config, signal }: { readonly config: Config; readonly signal: AbortSignal },
): Promise<ArchiveRelease | string> {
  const { components } = profileOf(config.profile);
  const answer = await checkArchive({
    archiveUrl: url.replace(/\/dists\/[^/]+\/InRelease$/, ''),
    suite,
    signal,
    timeoutMs: TIMEOUT_MS,
    logins: await configuredLogins(config.mirrorAuth),
  });
  if (!answer.reachable) {
    return answer.why;
  }
  return answer.inRelease === undefined
    ? `${url} can be read by apt alone`
    : describeRelease(answer.inRelease, { url, suite, components });
}

/** Compares package lists: an archive also signs again, with a new date, if nothing changed. */
function isNewer(now: ArchiveRelease, then: ArchiveRelease | undefined): boolean {
  if (now.index !== null && then?.index) {
    return now.index !== then.index;
  }
  return now.date !== null && (then?.date ?? '') < now.date;
}
