import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Reporter, run, toMicroLinuxError } from '@micro-linux/core';
import type { Identity } from '@micro-linux/provision';
import { BUILD_TOOLS } from '../../artifacts/build-tools.ts';
import type { Config } from '../../config/config.ts';
import { requireTools } from '../../host/missing-tools.ts';
import type { Signer } from '../../keys/signer.ts';
import type { Directories } from '../../output/directories.ts';
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
  readonly directories: Directories;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly facts: FactsBeforeBundle;
  /** Run every step, even one that the cache has. */
  readonly fresh: boolean;
  readonly offline: boolean;
  readonly identity: () => Promise<Identity>;
  readonly instanceId: string;
  /** Who signs update.img; undefined: nobody. */
  readonly signer: Signer | undefined;
}

/** A plan with the place and the means to carry it out. */
export interface Session {
  readonly plan: BuildPlan;
  readonly runner: StepRunner;
  readonly execute: ExecuteOptions;
  readonly workDirectory: string;
  /**
   * Makes the work directory, lets `work` run steps in it and removes it again, also after an error or
   * Ctrl-C.
   *
   * @throws MicroLinuxError `host-packages-missing`, `disk-full`, and what `work` throws.
   */
  readonly inWorkDirectory: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/**
 * Bundles the agent, by whose bytes it counts, and makes the plan. The caller holds the lock on the
 * artifacts directory.
 *
 * @throws MicroLinuxError of the agent's step, and if that has to run `host-packages-missing` and
 *   `disk-full`.
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
    logFile: join(directories.artifacts, 'build.log'),
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
    profile: profileOf(config.profile),
    facts: { ...facts, agentBundleDigest },
    cacheDirectory: directories.cache,
    workDirectory,
    temporaryDirectory: workDirectory,
    identity: options.identity,
    instanceId: options.instanceId,
    signer: options.signer,
    offline: options.offline,
  });
  async function inWorkDirectory<Result>(work: () => Promise<Result>): Promise<Result> {
    await hostReady();
    await mkdir(workDirectory);
    try {
      // Root of mmdebstrap's user namespace is another user, who must get through to its own part. The
      // steps' directories in it, one of which holds the password's hash, are for the owner alone.
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

/** Looks for the tools, removes what killed builds left, and looks for room. */
async function prepareHost(
  { directories, env }: SessionOptions,
  { logFile }: ExecuteOptions,
): Promise<void> {
  await requireTools(BUILD_TOOLS, env['PATH']);
  // What a killed build left behind may be what fills the disk.
  await sweepFolders(directories.temporary, run);
  await sweepCache(directories.cache, run);
  await requireFreeSpace(directories);
  await rm(logFile, { force: true });
}
