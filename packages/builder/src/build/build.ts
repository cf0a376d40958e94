import { randomUUID } from 'node:crypto';
import { type Reporter, run } from '@micro-linux/core';
import type { Config } from '../config/config.ts';
import { identityOf } from '../identity/identity-of.ts';
import { generatePassword, hashPassword } from '../identity/password.ts';
import { prepareKeys, type Signing } from '../keys/prepare-keys.ts';
import { cleanCache } from '../plan/clean-cache.ts';
import { executeStep, type StepTiming } from '../plan/execute.ts';
import { gatherFacts } from './build-facts.ts';
import {
  type ArtifactKind,
  type BuildRecord,
  readBuildRecord,
  writeBuildRecord,
} from './build-record.ts';
import { writeCredentials } from './credentials.ts';
import { describeBuild } from './describe-build.ts';
import type { Directories } from './directories.ts';
import { inputsDigest } from './inputs-digest.ts';
import { keptArtifacts } from './kept-artifacts.ts';
import { lockArtifacts } from './lock.ts';
import { makeSlot } from './make-slot.ts';
import { type ReadyArtifact, readyArtifact } from './ready-artifact.ts';
import { withSession } from './session.ts';

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
  /** What to leave in the artifacts directory. */
  readonly wanted: readonly ArtifactKind[];
  readonly signing: Signing;
}

/** What a build gives back. */
export interface BuildResult {
  readonly record: BuildRecord;
  /** Nothing had to be done: the artifacts were made from the same inputs before. */
  readonly cached: boolean;
  /** The new password, to be shown once; undefined when none was made. */
  readonly password: string | undefined;
}

/** How many results of each step the cache keeps. */
const KEEP_IN_CACHE = 3;

/**
 * Builds the wanted artifacts of a config; those that still are as this config gives them stay.
 *
 * build.json tells of the last disk that was built: an update of another version, made alone, is
 * not noted there.
 *
 * @throws MicroLinuxError of every kind the steps document; nothing half-made stays behind.
 */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const { config, directories, wanted } = options;
  const startedAt = performance.now();
  const { trust, signer } = await prepareKeys(config.update, { ...options, create: true });
  const facts = await gatherFacts({ ...options, root: directories.root, trust });
  const inputs = inputsDigest({ config, directories, facts, signer });
  const release = await lockArtifacts(directories.artifacts);
  try {
    const found = await readBuildRecord(directories.artifacts);
    const previous = found?.inputs === inputs ? found : undefined;
    const kept = previous && !options.fresh ? await keptArtifacts(previous, options) : [];
    const missing = wanted.filter((kind) => !kept.some((artifact) => artifact.kind === kind));
    if (previous && missing.length === 0) {
      return { record: previous, cached: true, password: undefined };
    }
    let password: string | undefined;
    const identity = async () => {
      password = config.user.password.kind === 'generate' ? generatePassword() : undefined;
      return identityOf(config, password && (await hashPassword(password, run, options.signal)));
    };
    return await withSession({ ...options, facts, signer, identity }, async (session) => {
      const timings: StepTiming[] = [];
      const slot = await makeSlot(session, config, timings);
      const { payload, update, esp, data, disk, qcow2 } = session.plan.steps;
      await executeStep(payload, session.execute, timings);
      const updateFiles = await executeStep(update, session.execute, timings);
      const ready: ReadyArtifact[] = [];
      if (missing.includes('qcow2')) {
        for (const step of [esp, data, disk]) {
          await executeStep<unknown>(step, session.execute, timings);
        }
        const { image } = await executeStep(qcow2, session.execute, timings);
        ready.push(await readyArtifact('qcow2', image, options.signal));
      }
      if (missing.includes('update')) {
        ready.push(
          await readyArtifact('update', updateFiles.update, options.signal, {
            ...(signer ? { signedBy: [signer.keyId] } : { manifest: updateFiles.manifest }),
          }),
        );
      }
      options.signal.throwIfAborted();

      // From here on it is quick: first the secret, then the disk that takes it, then the record.
      const build = missing.includes('qcow2') || !previous ? randomUUID() : previous.build;
      if (password !== undefined) {
        await writeCredentials(directories.artifacts, { user: config.user.name, password, build });
      }
      const made = [];
      for (const artifact of ready) {
        made.push(await artifact.publish(directories.artifacts));
      }
      const record: BuildRecord = {
        ...(await describeBuild(session.plan, config, trust)),
        microLinux: options.version,
        inputs,
        build,
        builtAt: new Date().toISOString(),
        slot,
        artifacts: [...kept.filter(({ kind }) => !missing.includes(kind)), ...made],
        steps: timings,
        seconds: Math.round(performance.now() - startedAt) / 1000,
      };
      if (previous || wanted.includes('qcow2')) {
        await writeBuildRecord(directories.artifacts, record);
      }
      await cleanCache(directories.cache, KEEP_IN_CACHE);
      return { record, cached: false, password };
    });
  } finally {
    await release();
  }
}
