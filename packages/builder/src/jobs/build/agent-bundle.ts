import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Reporter, run } from '@micro-linux/core';
import type { Directories } from '../../output/directories.ts';
import { fileDigest } from '../../plan/digest.ts';
import { type ExecuteOptions, executeStep } from '../../plan/execute.ts';
import type { StepRunner } from '../../plan/run-steps.ts';
import { stepDirectory, stepResult } from '../../plan/step-directory.ts';
import { stepKeys } from '../../plan/step-key.ts';
import type { BuildFacts, FactsBeforeBundle } from '../../steps/build-facts.ts';
import { agentStep } from '../../steps/slot/agent-step.ts';
import { exists } from '../../system/files/exists.ts';
import { makeOwnFolder } from '../../system/temporary/own-folder.ts';

/**
 * Bundles the agent unless it is in the cache.
 *
 * @param hostReady called before anything is run.
 * @returns SHA-256 of the bundle.
 */
export async function agentBundle(
  facts: FactsBeforeBundle,
  options: {
    readonly execute: ExecuteOptions;
    readonly runner: StepRunner;
    readonly hostReady: () => Promise<void>;
  },
): Promise<string> {
  const { execute, runner, hostReady } = options;
  const agent = agentStep(facts);
  if (execute.fresh || !(await exists(stepDirectory(agent, execute)))) {
    await hostReady();
  }
  await runner.run([agent]);
  return await fileDigest(stepResult(agent, execute).bundle, execute.signal);
}

/**
 * The facts of a plan that is not executed. If the agent is not in the cache, it is bundled in a
 * temporary folder that is then removed.
 */
export async function factsForDryRun(
  facts: FactsBeforeBundle,
  options: {
    readonly places: Directories;
    readonly signal: AbortSignal;
    readonly reporter: Reporter;
  },
): Promise<BuildFacts> {
  const { places, signal, reporter } = options;
  const agent = agentStep(facts);
  const placement = {
    cacheDirectory: places.cache,
    workDirectory: '',
    keyOf: stepKeys(facts.codeOf),
  };
  const digest = async (bundle: string) => ({
    ...facts,
    agentBundleDigest: await fileDigest(bundle, signal),
  });
  if (await exists(stepDirectory(agent, placement))) {
    return await digest(stepResult(agent, placement).bundle);
  }
  const folder = await makeOwnFolder(places.temporary, 'micro-linux-', run);
  try {
    const execute = {
      ...{ ...placement, cacheDirectory: folder, workDirectory: folder },
      ...{ run, signal, reporter, logFile: join(folder, 'log'), fresh: false },
    };
    return await digest((await executeStep(agent, execute, [])).bundle);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
