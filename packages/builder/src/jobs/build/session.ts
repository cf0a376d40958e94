import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Reporter, run, toMicroLinuxError } from '@micro-linux/core';
import type { Identity } from '@micro-linux/provision';
import { BUILD_TOOLS } from '../../artifacts/build-tools.ts';
import type { Config } from '../../config/config.ts';
import type { WhereIs } from '../../config/where-is.ts';
import { requireTools } from '../../host/missing-tools.ts';
import type { Signer } from '../../keys/signer.ts';
import { BUILD_LOG_FILE, type BuildPlaces } from '../../output/directories.ts';
import { sweepCache } from '../../plan/clean-cache.ts';
import type { ExecuteOptions } from '../../plan/execute.ts';
import { type StepRunner, stepRunner } from '../../plan/run-steps.ts';
import { stepKeys } from '../../plan/step-key.ts';
import { profileOf } from '../../profiles/index.ts';
import type { FactsBeforeBundle } from '../../steps/build-facts.ts';
import { type BuildPlan, planBuild } from '../../steps/plan-build.ts';
import { ownFolderPath, sweepFolders } from '../../system/temporary/own-folder.ts';
import { removeTree } from '../../system/userns/remove-tree.ts';
import { agentBundle } from './agent-bundle.ts';
import { requireFreeSpace } from './free-space.ts';

export interface SessionOptions {
  readonly config: Config;
  readonly whereIs: WhereIs;
  readonly directories: BuildPlaces;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly facts: FactsBeforeBundle;
  /** Run every step, even if its result is in the cache. */
  readonly fresh: boolean;
  readonly offline: boolean;
  readonly identity: () => Promise<Identity>;
  readonly instanceId: string;
  /** The signer of update.img; undefined: none. */
  readonly signer: Signer | undefined;
}

/** A plan, and what is needed to execute it. */
export interface Session {
  readonly plan: BuildPlan;
  readonly runner: StepRunner;
  readonly execute: ExecuteOptions;
  readonly workDirectory: string;
  /**
   * Creates the work directory, lets `work` run steps in it and removes it, also after an error or
   * Ctrl-C.
   *
   * @throws MicroLinuxError `host-packages-missing`, `disk-full`, and what `work` throws.
   */
  readonly inWorkDirectory: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/**
 * Bundles the agent, whose digest is an input, and makes the plan. The caller holds the lock on the
 * artifacts directory.
 *
 * @throws MicroLinuxError of the agent's step, and if that step must run, `host-packages-missing`
 *   and `disk-full`.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { config, directories, facts } = options;
  const workDirectory = ownFolderPath(directories.temporary, 'micro-linux-');
  const execute: ExecuteOptions = {
    run,
    signal: options.signal,
    reporter: options.reporter,
    cacheDirectory: directories.cache,
    workDirectory,
    keyOf: stepKeys(facts.codeOf),
    logFile: join(directories.artifacts, BUILD_LOG_FILE),
    fresh: options.fresh,
  };
  const runner = stepRunner(execute);
  let isReady: Promise<void> | undefined;
  const hostReady = () => {
    isReady ??= prepareHost(options, execute);
    return isReady;
  };
  const agentBundleDigest = await agentBundle(facts, { execute, runner, hostReady });
  const plan = planBuild({
    config,
    whereIs: options.whereIs,
    profile: profileOf(config.profile),
    facts: { ...facts, agentBundleDigest },
    cacheDirectory: directories.cache,
    workDirectory,
    temporaryDirectory: workDirectory,
    identity: options.identity,
    instanceId: options.instanceId,
    signer: options.signer,
    offline: options.offline,
    name: directories.name,
  });
  async function inWorkDirectory<Result>(work: () => Promise<Result>): Promise<Result> {
    await hostReady();
    await mkdir(workDirectory);
    try {
      // Root of mmdebstrap's user namespace is another user, who must reach its own directory. The
      // steps' directories in it are for the owner only: one contains the password's hash.
      await chmod(workDirectory, 0o711);
      return await work();
    } finally {
      await removeTree(workDirectory, run).catch((error: unknown) => {
        const { message } = toMicroLinuxError(error);
        options.reporter.warn(`${workDirectory} stays until the next build: ${message}`);
      });
    }
  }
  return { plan, runner, execute, workDirectory, inWorkDirectory };
}

/** Checks the tools, removes the leftovers of killed builds, and checks free space. */
async function prepareHost(
  { directories, env }: SessionOptions,
  { logFile }: ExecuteOptions,
): Promise<void> {
  await requireTools(BUILD_TOOLS, env['PATH']);
  // The leftovers of killed builds may be what fills the disk.
  await sweepFolders(directories.temporary, run);
  await sweepCache(directories.cache, run);
  await requireFreeSpace(directories);
  await rm(logFile, { force: true });
}
