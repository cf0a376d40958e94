import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Reporter, run } from '@micro-linux/core';
import type { Config } from '../config/config.ts';
import { partitionUuid } from '../disk/sfdisk-script.ts';
import { type Identity, identityOf } from '../identity/identity.ts';
import { generatePassword, hashPassword } from '../identity/password.ts';
import { cleanCache } from '../plan/clean-cache.ts';
import { digestOf, fileDigest } from '../plan/digest.ts';
import { executeStep, type StepTiming } from '../plan/execute.ts';
import { profileOf } from '../profiles/index.ts';
import { installedPackages } from '../report/packages.ts';
import { sizeReport } from '../report/size-report.ts';
import { type BuildFacts, gatherFacts } from './build-facts.ts';
import {
  artifactsUntouched,
  type BuildRecord,
  readBuildRecord,
  writeBuildRecord,
} from './build-record.ts';
import { copyWhole } from './copy-whole.ts';
import { hasCredentials, writeCredentials } from './credentials.ts';
import type { Directories } from './directories.ts';
import { lockArtifacts } from './lock.ts';
import { makeSlot } from './make-slot.ts';

import { planBuild } from './plan-build.ts';
import { type Session, withSession } from './session.ts';

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
 * Builds all artifacts of a config.
 *
 * @throws MicroLinuxError of every kind the steps document; nothing half-made stays behind.
 */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const { config, directories } = options;
  const startedAt = performance.now();
  const facts = await gatherFacts(directories.root, config, profileOf(config.profile), options.env);
  const inputs = inputsDigest(config, directories, facts);
  const release = await lockArtifacts(directories.artifacts);
  try {
    const previous = await readBuildRecord(directories.artifacts);
    if (!options.fresh && previous?.inputs === inputs && (await reusable(previous, options))) {
      return { record: previous, cached: true, password: undefined };
    }
    let password: string | undefined;
    const identity = async () => {
      password = config.user.password.kind === 'generate' ? generatePassword() : undefined;
      return identityOf(config, password && (await hashPassword(password, run, options.signal)));
    };
    return await withSession({ ...options, facts, identity }, async (session) => {
      const timings: StepTiming[] = [];
      const slot = await makeSlot(session, config, timings);
      const { esp, data, disk, qcow2 } = session.plan.steps;
      for (const step of [esp, data, disk]) {
        await executeStep<unknown>(step, session.execute, timings);
      }
      const { image } = await executeStep(qcow2, session.execute, timings);
      const build = randomUUID();
      const artifact = { kind: 'qcow2', sha256: await fileDigest(image, options.signal) } as const;
      options.signal.throwIfAborted();

      // From here on it is quick: first the secret, then the disk that takes it, then the record.
      if (password !== undefined) {
        await writeCredentials(directories.artifacts, { user: config.user.name, password, build });
      }
      const target = join(directories.artifacts, basename(image));
      await copyWhole(image, target);
      const { size, mtimeMs } = await stat(target);
      const record: BuildRecord = {
        ...(await describe(session, config)),
        microLinux: options.version,
        inputs,
        build,
        builtAt: new Date().toISOString(),
        slot,
        artifacts: [
          { ...artifact, file: basename(image), bytes: size, modifiedMs: Math.round(mtimeMs) },
        ],
        steps: timings,
        seconds: Math.round(performance.now() - startedAt) / 1000,
      };
      await writeBuildRecord(directories.artifacts, record);
      await cleanCache(directories.cache, KEEP_IN_CACHE);
      return { record, cached: false, password };
    });
  } finally {
    await release();
  }
}

/** The part of the record that config and packages decide. */
async function describe({ plan }: Session, config: Config) {
  const status = await readFile(join(plan.rootfsFacts, 'var/lib/dpkg/status'), 'utf8');
  const packages = installedPackages(status);
  return {
    schema: 1,
    profile: config.profile,
    version: config.version,
    compatible: config.compatible,
    buildId: plan.buildId,
    kernel: packages.find(({ name }) => /^linux-image-\d/.test(name))?.name ?? 'unknown',
    slotBytes: config.disk.slotBytes,
    partitions: plan.layout.map(({ number, name, start, sectors }) => ({
      number,
      name,
      uuid: partitionUuid(plan.buildId, name),
      startSector: start,
      sectors,
    })),
    sizes: sizeReport(await readFile(plan.slotImage.listing, 'utf8')),
    packages,
  } as const;
}

async function reusable(record: BuildRecord, options: BuildOptions): Promise<boolean> {
  const { artifacts } = options.directories;
  const wantsPassword = options.config.user.password.kind === 'generate';
  return (
    (await artifactsUntouched(artifacts, record)) &&
    (!wantsPassword || (await hasCredentials(artifacts, record.build)))
  );
}

/** Digest of the plan as `--dry-run` would print it, and of the config. */
function inputsDigest(config: Config, directories: Directories, facts: BuildFacts): string {
  const { buildId, steps } = planBuild({
    config,
    profile: profileOf(config.profile),
    facts,
    cacheDirectory: directories.cache,
    workDirectory: '',
    temporaryDirectory: '',
    identity: (): Promise<Identity> => Promise.reject(new Error('a plan makes no password')),
  });
  return digestOf([buildId, Object.values(steps).map((step) => step.describe()), config]);
}
