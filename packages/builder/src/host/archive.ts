import { MicroLinuxError, type Runner } from '@micro-linux/core';
import type { Profile } from '../profiles/profile.ts';
import type { AptLogin } from './apt-auth.ts';
import { type ArchiveAnswer, checkArchive } from './check-archive.ts';
import { type ArchiveSource, defaultMirrors } from './default-mirrors.ts';
import { checkKeyring } from './keyring.ts';

export { type ArchiveAnswer, checkArchive, type UnreachableReason } from './check-archive.ts';
export { type ArchiveSource, defaultMirrors } from './default-mirrors.ts';
export { checkKeyring } from './keyring.ts';

/** Base URLs of a mirror, as in the config. */
export interface ArchiveMirror {
  readonly archive: string;
  readonly security: string;
}

export interface PreflightOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly run?: Runner | undefined;
  /** For mirrors that need a login. */
  readonly logins?: readonly AptLogin[] | undefined;
}

/** What a build may rely on after {@link preflightArchive}. */
export interface Preflight {
  /** The archives that were queried: the configured one, or mmdebstrap's own for the suite. */
  readonly sources: readonly ArchiveSource[];
  readonly keyring: string;
  /** What each source answered, in the same order. */
  readonly answers: readonly Extract<ArchiveAnswer, { readonly reachable: true }>[];
}

/**
 * Checks early, within seconds, that a build can reach its archive and trusts it.
 *
 * @param mirror where to get the suite and its pockets, or one URL that is queried only for the
 *   release itself; mmdebstrap's choice by default
 * @param keyring keyring instead of the profile's
 * @throws MicroLinuxError `archive-unreachable`, `keyring-missing`, `keyring-wrong`,
 *   `archive-signature-bad`, `suite-unknown`, `archive-url-invalid`, `cancelled`
 */
export async function preflightArchive(
  profile: Profile,
  mirror?: ArchiveMirror | string,
  keyring?: string,
  options: PreflightOptions = {},
): Promise<Preflight> {
  // This needs no network, so a missing keyring is reported even offline.
  const keyringPath = await checkKeyring(profile, { keyringPath: keyring });
  const sources = await archiveSources(profile, mirror, options);
  const answers = await Promise.all(
    sources.map(({ uri, suite }) => checkArchive({ ...options, archiveUrl: uri, suite })),
  );
  const reached: Extract<ArchiveAnswer, { readonly reachable: true }>[] = [];
  for (const [index, answer] of answers.entries()) {
    const archiveUrl = sources[index]?.uri ?? '';
    if (!answer.reachable) {
      throw archiveUnreachable(profile, archiveUrl, answer);
    }
    await checkKeyring(profile, { ...options, ...answer, keyringPath: keyring, archiveUrl });
    reached.push(answer);
  }
  return { sources, keyring: keyringPath, answers: reached };
}

type SourceProfile = Pick<Profile, 'suite' | 'updatesSuite' | 'securitySuite' | 'components'>;

/** The archives a profile is built from, one entry per pocket. */
export async function archiveSources(
  profile: SourceProfile,
  mirror: ArchiveMirror | string | undefined,
  options: PreflightOptions = {},
): Promise<ArchiveSource[]> {
  const { suite, updatesSuite, securitySuite, components } = profile;
  if (typeof mirror === 'string') {
    return [{ uri: mirror, suite, components }];
  }
  if (mirror !== undefined) {
    return [
      { uri: mirror.archive, suite, components },
      { uri: mirror.archive, suite: updatesSuite, components },
      { uri: mirror.security, suite: securitySuite, components },
    ];
  }
  return defaultMirrors(suite, {
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.run ? { run: options.run } : {}),
  });
}

/** The error for an archive that cannot be used. */
export function archiveUnreachable(
  profile: Pick<Profile, 'title' | 'standIn'>,
  archiveUrl: string,
  answer: Extract<ArchiveAnswer, { readonly reachable: false }>,
): MicroLinuxError {
  if (answer.reason === 'login') {
    return new MicroLinuxError({
      code: 'archive-login',
      message: `the archive ${archiveUrl} cannot be used for ${profile.title}: it requires a login`,
      why: answer.why,
      hint: loginHint(archiveUrl),
      details: { url: answer.url, reason: answer.reason },
    });
  }
  return new MicroLinuxError({
    code: 'archive-unreachable',
    message: `the archive ${archiveUrl} cannot be used for ${profile.title}`,
    why: answer.why,
    hint: unreachableHint(profile),
    details: { url: answer.url, reason: answer.reason },
  });
}

/** The hint for a mirror that needs a login. */
export function loginHint(archiveUrl: string): string {
  const { protocol, host } = new URL(archiveUrl);
  return [
    `write \`machine ${protocol}//${host} login NAME password SECRET\` into a file of mode 0600,`,
    "and name it: `mirrorAuth:` in micro-linux.yaml, or --mirror-auth FILE (apt's own auth.conf does not count)",
  ].join('\n');
}

/** The hint for a profile whose archive does not answer. */
export function unreachableHint({ standIn }: Pick<Profile, 'standIn'>): string {
  const other = 'name another archive of the same distribution: `mirror:` in micro-linux.yaml';
  return standIn === undefined
    ? other
    : `${other};\nor build another release whose archive can be reached: --profile ${standIn}`;
}
