import { randomUUID } from 'node:crypto';
import { type Reporter, run } from '@micro-linux/core';
import { type Artifacts, artifactOf } from '../../artifacts/artifact.ts';
import {
  type ArtifactRecord,
  type BuildRecord,
  readBuildRecord,
  writeBuildRecord,
} from '../../artifacts/build-record.ts';
import { signedUpdate } from '../../artifacts/signed-update.ts';
import type { Config } from '../../config/config.ts';
import { identityOf } from '../../config/identity/identity-of.ts';
import type { WhereIs } from '../../config/where-is.ts';
import { requireTools } from '../../host/missing-tools.ts';
import { prepareKeys, type Signing } from '../../keys/prepare-keys.ts';
import { writeCredentials } from '../../output/credentials.ts';
import type { BuildPlaces } from '../../output/directories.ts';
import { cleanCache } from '../../plan/clean-cache.ts';
import { gatherBuildFacts } from '../../steps/build-facts.ts';
import { buildLogin } from './build-login.ts';
import { compareArchive, type PackageAge } from './compare-archive.ts';
import { describeBuild } from './describe-build.ts';
import { inputsDigest } from './inputs-digest.ts';
import { keptArtifacts, protectLogins, untouchedArtifacts } from './kept-artifacts.ts';
import { lockArtifacts } from './lock.ts';
import { makeArtifacts } from './make-artifacts.ts';
import { makeSlot } from './make-slot.ts';
import { missingArtifacts } from './missing-artifacts.ts';
import { openSession } from './session.ts';

export interface BuildOptions {
  readonly config: Config;
  readonly whereIs: WhereIs;
  readonly directories: BuildPlaces;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Version of micro-linux itself, for the record. */
  readonly version: string;
  /** Run every step again, and make a new password. */
  readonly fresh: boolean;
  /** Do not contact the archive. */
  readonly offline: boolean;
  /** All kinds of artifacts. */
  readonly artifacts: Artifacts;
  /** What to leave in the artifacts directory. */
  readonly wanted: readonly string[];
  readonly signing: Signing;
  /**
   * Skip what cannot be made, such as an ISO that could not be installed from; otherwise that is an
   * error.
   */
  readonly ifPossible: boolean;
}

/** The result of a build. */
export interface BuildResult {
  readonly record: BuildRecord;
  /** Nothing had to be done: the artifacts are up to date. */
  readonly cached: boolean;
  /** The new password; undefined if none was made. */
  readonly password: string | undefined;
  /** How old the packages are, and whether the archive has newer ones. */
  readonly packageAge: PackageAge;
}

/** Number of results of each step that the cache keeps. */
const KEEP_IN_CACHE = 3;

/**
 * Builds the wanted artifacts of a config; keeps those that are up to date.
 *
 * build.json describes the last disk that was built, or an ISO if there is no disk. Other artifacts
 * that were built alone from another version are not recorded.
 *
 * @throws MicroLinuxError of every kind the steps document; no partial results are left.
 */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const { config, directories, artifacts, ifPossible, reporter, signal } = options;
  const startedAt = performance.now();
  const of = (kind: string) => artifactOf(artifacts, kind);
  for (const kind of options.wanted) {
    of(kind).checkConfig?.(config, reporter);
  }
  const { trust, signer } = await prepareKeys(config.update, { ...options, create: true });
  const facts = await gatherBuildFacts({ ...options, root: directories.root, trust });
  const release = await lockArtifacts(directories.artifacts);
  try {
    let newDisk = false;
    const login = buildLogin({
      ...{ ...options, user: config.user, artifacts: directories.artifacts, run },
      renew: () => options.fresh || newDisk,
    });
    const session = await openSession({
      ...{ ...options, facts, signer },
      identity: async () => identityOf(config, (await login.ask()).hash),
      instanceId: `micro-linux-${randomUUID()}`,
    });
    const { plan } = session;
    const found = await readBuildRecord(directories.artifacts);
    const previous = found?.buildId === plan.buildId ? found : undefined;
    const untouched =
      previous && !options.fresh
        ? await untouchedArtifacts(previous, artifacts, directories.artifacts)
        : [];
    const kept = await keptArtifacts(untouched, {
      ...{ artifacts, config, directory: directories.artifacts, build: previous?.build ?? '' },
      keyOf: (kind) => plan.placement.keyOf(of(kind).step(plan)),
    });
    await protectLogins(untouched, artifacts, directories.artifacts);
    const signed = signedUpdate(kept, trust, directories.artifacts);
    const before = { config, reporter, trust, signer, signedUpdate: signed, ifPossible };
    const wanted = options.wanted.filter((kind) => of(kind).canBegin?.(before) ?? true);
    const keptKinds = kept.map(({ kind }) => kind);
    const missing = missingArtifacts(wanted, keptKinds, config, artifacts);
    if (previous && missing.length === 0) {
      const archive = previous.archive ?? { fetchedAt: previous.builtAt, releases: [] };
      const packageAge = await compareArchive(archive, options);
      return {
        record: { ...previous, artifacts: kept },
        cached: true,
        password: undefined,
        packageAge,
      };
    }
    await requireTools(
      missing.flatMap((kind) => of(kind).tools),
      options.env['PATH'],
    );
    newDisk = missing.some((kind) => of(kind).boots === 'disk');
    return await session.inWorkDirectory(async () => {
      const { digest: slot, packageAge, archive } = await makeSlot(session, options);
      const made = { plan, reporter, signal, ifPossible };
      const possible: string[] = [];
      for (const kind of wanted) {
        if (!missing.includes(kind) || ((await of(kind).canGoOn?.(made)) ?? true)) {
          possible.push(kind);
        }
      }
      const toMake = missingArtifacts(possible, keptKinds, config, artifacts);
      if (previous && toMake.length === 0) {
        return {
          record: { ...previous, artifacts: kept },
          cached: true,
          password: undefined,
          packageAge,
        };
      }
      const ready = await makeArtifacts(session, {
        ...{ artifacts, missing: toMake, signer, signedUpdate: signed, trust },
      });
      signal.throwIfAborted();

      // The rest is quick: first the secret, then the disk that contains it, then the record.
      const { plain, build: keptBuild } = (await login.asked()) ?? {};
      const isNew = newDisk || plain !== undefined;
      const build = (isNew ? undefined : (keptBuild ?? previous?.build)) ?? randomUUID();
      if (plain !== undefined) {
        const { name: user } = config.user;
        await writeCredentials(directories.artifacts, { user, password: plain, build });
      }
      const records: ArtifactRecord[] = [];
      for (const publish of ready) {
        records.push(...(await publish(directories.artifacts)));
      }
      const stay = untouched.filter(
        // Artifacts with the replaced password are useless now.
        ({ kind }) => !(toMake.includes(kind) || (plain !== undefined && of(kind).holdsLogin)),
      );
      const record: BuildRecord = {
        ...(await describeBuild(plan, config, trust)),
        microLinux: options.version,
        inputs: inputsDigest(plan, artifacts),
        build,
        builtAt: new Date().toISOString(),
        slot,
        archive,
        artifacts: [...stay, ...records],
        steps: session.runner.timings,
        seconds: Math.round(performance.now() - startedAt) / 1000,
      };
      const hasDisk =
        found?.artifacts.some(({ kind }) => artifacts[kind]?.boots === 'disk') ?? false;
      const isTold = wanted.some(
        (kind) => of(kind).boots === 'disk' || (of(kind).boots === 'medium' && !hasDisk),
      );
      if (previous || isTold) {
        await writeBuildRecord(directories.artifacts, record);
      }
      await cleanCache(directories.cache, KEEP_IN_CACHE);
      return { record, cached: false, password: plain, packageAge };
    });
  } finally {
    await release();
  }
}
