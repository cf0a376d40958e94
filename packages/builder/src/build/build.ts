import { randomUUID } from 'node:crypto';
import { type Reporter, run } from '@micro-linux/core';
import type { Config } from '../config/config.ts';
import { requireTools } from '../host/missing-tools.ts';
import { identityOf } from '../identity/identity-of.ts';
import { prepareKeys, type Signing } from '../keys/prepare-keys.ts';
import { cleanCache } from '../plan/clean-cache.ts';
import type { StepTiming } from '../plan/execute.ts';
import { gatherFacts } from './build-facts.ts';
import { buildLogin } from './build-login.ts';
import {
  type ArtifactKind,
  type ArtifactRecord,
  type BuildRecord,
  readBuildRecord,
  writeBuildRecord,
} from './build-record.ts';
import { ISO_TOOLS } from './build-tools.ts';
import { startsFromIso, withSignedIso } from './can-make-iso.ts';
import { compareArchive, type PackageAge } from './compare-archive.ts';
import { writeCredentials } from './credentials.ts';
import { describeBuild } from './describe-build.ts';
import type { Directories } from './directories.ts';
import { inputsDigest } from './inputs-digest.ts';
import { keptArtifacts, protectLogins } from './kept-artifacts.ts';
import { lockArtifacts } from './lock.ts';
import { makeArtifacts } from './make-artifacts.ts';
import { makeSlot } from './make-slot.ts';
import { missingArtifacts } from './missing-artifacts.ts';
import { reportSeedBeforehand } from './report-seed.ts';
import { withSession } from './session.ts';
import { signedUpdate } from './signed-update.ts';

export interface BuildOptions {
  readonly config: Config;
  readonly directories: Directories;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Version of micro-linux itself, for the record. */
  readonly version: string;
  /** Run every step anew, and give out a new password. */
  readonly fresh: boolean;
  /** Ask the archive nothing. */
  readonly offline: boolean;
  /** What to leave in the artifacts directory. */
  readonly wanted: readonly ArtifactKind[];
  readonly signing: Signing;
  /** Leave a wanted ISO out if it could not be installed from; an error unless told. */
  readonly isoIfPossible?: boolean;
}

/** What a build gives back. */
export interface BuildResult {
  readonly record: BuildRecord;
  /** Nothing had to be done: the artifacts were made from the same inputs before. */
  readonly cached: boolean;
  /** The new password; undefined when none was made. */
  readonly password: string | undefined;
  /** How old the packages are, and whether the archive has newer ones. */
  readonly packageAge: PackageAge;
}

/** How many results of each step the cache keeps. */
const KEEP_IN_CACHE = 3;

/**
 * Builds the wanted artifacts of a config; those that still are as this config gives them stay.
 *
 * build.json tells of the last disk that was built, or of an ISO where there is none: what else of
 * another version was made alone is not noted there.
 *
 * @throws MicroLinuxError of every kind the steps document; nothing half-made stays behind.
 */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const { config, directories } = options;
  const startedAt = performance.now();
  if (options.wanted.includes('seed')) {
    reportSeedBeforehand(config, options.reporter);
  }
  const { trust, signer } = await prepareKeys(config.update, { ...options, create: true });
  const facts = await gatherFacts({ ...options, root: directories.root, trust });
  const inputs = inputsDigest({ config, directories, facts, signer });
  const release = await lockArtifacts(directories.artifacts);
  try {
    const found = await readBuildRecord(directories.artifacts);
    const previous = found?.inputs === inputs ? found : undefined;
    const kept = previous && !options.fresh ? await keptArtifacts(previous, options) : [];
    await protectLogins(kept, directories.artifacts);
    const signed = signedUpdate(kept, trust, directories.artifacts);
    const wanted = withSignedIso(options, { trust, signer, signed });
    const keptKinds = kept.map(({ kind }) => kind);
    let missing = missingArtifacts(wanted, keptKinds, config);
    if (previous && missing.length === 0) {
      const archive = previous.archive ?? { fetchedAt: previous.builtAt, releases: [] };
      const packageAge = await compareArchive(archive, options);
      return { record: previous, cached: true, password: undefined, packageAge };
    }
    if (missing.includes('iso')) {
      await requireTools(ISO_TOOLS, options.env['PATH']);
    }
    const login = buildLogin({
      ...options,
      user: config.user,
      artifacts: directories.artifacts,
      run,
      renew: options.fresh || missing.includes('qcow2'),
    });
    const identity = async () => identityOf(config, (await login.ask()).hash);
    const instanceId = `micro-linux-${randomUUID()}`;
    return await withSession(
      { ...options, facts, signer, signedUpdate: signed, identity, instanceId },
      async (session) => {
        const timings: StepTiming[] = [];
        const { digest: slot, packageAge, archive } = await makeSlot(session, options, timings);
        if (missing.includes('iso') && !(await startsFromIso(session, options))) {
          const others = wanted.filter((kind) => kind !== 'iso');
          missing = missingArtifacts(others, keptKinds, config);
          if (previous && missing.length === 0) {
            return { record: previous, cached: true, password: undefined, packageAge };
          }
        }
        const ready = await makeArtifacts(session, {
          missing,
          signer,
          signedUpdate: signed,
          trust,
          timings,
        });
        options.signal.throwIfAborted();

        // From here on it is quick: first the secret, then the disk that takes it, then the record.
        const { plain, build: keptBuild } = (await login.asked()) ?? {};
        const isNew = missing.includes('qcow2') || plain !== undefined;
        const build = (isNew ? undefined : (keptBuild ?? previous?.build)) ?? randomUUID();
        if (plain !== undefined) {
          const { name: user } = config.user;
          await writeCredentials(directories.artifacts, { user, password: plain, build });
        }
        const made: ArtifactRecord[] = [];
        for (const artifact of ready) {
          made.push(...(await artifact.publish(directories.artifacts)));
        }
        const record: BuildRecord = {
          ...(await describeBuild(session.plan, config, trust)),
          microLinux: options.version,
          inputs,
          build,
          builtAt: new Date().toISOString(),
          slot,
          archive,
          artifacts: [...kept.filter(({ kind }) => !missing.includes(kind)), ...made],
          steps: timings,
          seconds: Math.round(performance.now() - startedAt) / 1000,
        };
        const noDisk = !found?.artifacts.some(({ kind }) => kind === 'qcow2');
        if (previous || wanted.includes('qcow2') || (noDisk && wanted.includes('iso'))) {
          await writeBuildRecord(directories.artifacts, record);
        }
        await cleanCache(directories.cache, KEEP_IN_CACHE);
        return { record, cached: false, password: plain, packageAge };
      },
    );
  } finally {
    await release();
  }
}
