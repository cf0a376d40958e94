import { MicroLinuxError, type Runner } from '@micro-linux/core';
import type { Profile } from '../profiles/profile.ts';
import type { KvmProbe } from '../vm/accelerator.ts';
import { configuredLogins } from './apt-auth.ts';
import { type ArchiveMirror, archiveSources } from './archive.ts';
import { type ArchiveAnswer, checkArchive } from './check-archive.ts';
import { type BuildDirectory, type FreeSpace, gatherFreeSpace } from './free-space.ts';
import { checkKeyring } from './keyring.ts';
import { type MissingPackage, missingPackages } from './missing-tools.ts';
import { parseOsRelease } from './os-release.ts';
import { HOST_PACKAGES } from './packages.ts';
import { textOf } from './setup-facts.ts';
import { largestRange, parseSubIds } from './sub-ids.ts';
import { findTool, toolPath } from './tool-path.ts';
import { gatherToolVersions, type ToolVersion } from './tool-versions.ts';
import { gatherUserNamespaceFacts, type UserNamespaceFacts } from './user-namespaces.ts';

/** An error in one line, for a finding. */
export interface Problem {
  readonly message: string;
  readonly why: string | undefined;
  readonly hint: string | undefined;
}

/** What `doctor` evaluates. */
export interface HostFacts {
  readonly hostTitle: string;
  readonly user: { readonly name: string; readonly uid: number };
  readonly profile: Pick<Profile, 'name' | 'title' | 'standIn'>;
  readonly missing: readonly MissingPackage[];
  readonly versions: readonly ToolVersion[];
  readonly userNamespaces: UserNamespaceFacts;
  /** The user's largest ranges in /etc/subuid and /etc/subgid. */
  readonly subUids: number;
  readonly subGids: number;
  /** Undefined if QEMU is not installed. */
  readonly kvm: KvmProbe | undefined;
  readonly space: readonly FreeSpace[];
  /** What is wrong with the keyring, if anything. */
  readonly keyring: Problem | undefined;
  readonly archive: ArchiveFacts;
}

export type ArchiveFacts =
  | { readonly kind: 'answered'; readonly answers: readonly ArchiveAnswer[] }
  | { readonly kind: 'unknown'; readonly problem: Problem };

export interface GatherHostFactsOptions {
  readonly profile: Profile;
  readonly mirror?: ArchiveMirror | undefined;
  readonly keyring?: string | undefined;
  /** A file with the mirror's login. */
  readonly mirrorAuth?: string | undefined;
  readonly user: { readonly name: string; readonly uid: number };
  readonly directories: Readonly<Record<BuildDirectory, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly run: Runner;
  readonly probeKvm: (signal: AbortSignal) => Promise<KvmProbe>;
}

/** Gathers all facts in parallel; changes nothing and evaluates nothing. */
export async function gatherHostFacts(options: GatherHostFactsOptions): Promise<HostFacts> {
  const { profile, signal, env, user, run } = options;
  const path = toolPath(env['PATH']);
  const packages = HOST_PACKAGES.filter(
    ({ need, vendor }) => need !== 'tests' && vendor === undefined,
  );
  const [osText, subUids, subGids, missing, versions, userNamespaces, kvm, space, trust] =
    await Promise.all([
      textOf('/etc/os-release'),
      textOf('/etc/subuid'),
      textOf('/etc/subgid'),
      missingPackages(packages, (name) => findTool(name, path)),
      gatherToolVersions(run, signal),
      gatherUserNamespaceFacts(user.uid, run, signal),
      orUndefinedWithoutTool(options.probeKvm(signal)),
      gatherFreeSpace(options.directories),
      gatherTrust(options),
    ]);
  const os = parseOsRelease(osText);
  return {
    hostTitle: os.title,
    user,
    profile,
    missing,
    versions,
    userNamespaces,
    subUids: largestRange(parseSubIds(subUids), user),
    subGids: largestRange(parseSubIds(subGids), user),
    kvm,
    space,
    ...trust,
  };
}

/** Checks the archive, and the keyring against the archive's answer. */
async function gatherTrust(
  options: GatherHostFactsOptions,
): Promise<Pick<HostFacts, 'keyring' | 'archive'>> {
  const { profile, mirror, signal, run } = options;
  let archive: ArchiveFacts;
  try {
    const logins = await configuredLogins(options.mirrorAuth);
    const sources = await archiveSources(profile, mirror, { signal, run });
    const answers = await Promise.all(
      sources.map(({ uri, suite }) => checkArchive({ archiveUrl: uri, suite, signal, logins })),
    );
    archive = { kind: 'answered', answers };
  } catch (error) {
    archive = { kind: 'unknown', problem: problemOf(error) };
  }
  const first = archive.kind === 'answered' ? archive.answers[0] : undefined;
  try {
    await checkKeyring(profile, {
      keyringPath: options.keyring,
      inRelease: first?.reachable ? first.inRelease : undefined,
      archiveUrl: first?.url,
      signal,
      run,
    });
    return { archive, keyring: undefined };
  } catch (error) {
    return { archive, keyring: problemOf(error) };
  }
}

async function orUndefinedWithoutTool(probe: Promise<KvmProbe>): Promise<KvmProbe | undefined> {
  try {
    return await probe;
  } catch (error) {
    if (error instanceof MicroLinuxError && error.code === 'tool-missing') {
      return undefined;
    }
    throw error;
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof MicroLinuxError && error.code !== 'cancelled') {
    return { message: error.message, why: error.why, hint: error.hint };
  }
  throw error;
}
