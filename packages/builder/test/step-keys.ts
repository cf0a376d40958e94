import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createReporter, run } from '@micro-linux/core';
import { ARTIFACT_KINDS, ARTIFACTS } from '../src/artifacts/index.ts';
import { agentBundle } from '../src/jobs/build/agent-bundle.ts';
import { TEST_TRUST, testConfig } from '../src/jobs/build/testing.ts';
import { inOrder } from '../src/plan/in-order.ts';
import { stepRunner } from '../src/plan/run-steps.ts';
import { stepKeys } from '../src/plan/step-key.ts';
import { profileOf } from '../src/profiles/index.ts';
import { gatherBuildFacts } from '../src/steps/build-facts.ts';
import { planBuild } from '../src/steps/plan-build.ts';

/** Keys of steps by their ids. */
export type Keys = Readonly<Record<string, string>>;

/**
 * The keys of all steps of a checkout. Builds only the agent, if needed.
 *
 * @param scratch a folder for the agent, which may be reused.
 */
export async function allStepKeys(root: string, scratch: string): Promise<Keys> {
  await mkdir(scratch, { recursive: true });
  const keyring = join(scratch, 'keyring.gpg');
  await writeFile(keyring, 'keys');
  const config = { ...(await testConfig()), keyring };
  const facts = await gatherBuildFacts({ root, config, trust: TEST_TRUST, env: {} });
  const placement = {
    name: 'image',
    cacheDirectory: join(scratch, 'cache'),
    workDirectory: scratch,
  };
  const execute = {
    ...{ ...placement, run, fresh: false, keyOf: stepKeys(facts.codeOf) },
    signal: new AbortController().signal,
    reporter: createReporter({ json: true, streams: process }),
    logFile: join(scratch, 'log'),
  };
  const agentBundleDigest = await agentBundle(facts, {
    ...{ execute, runner: stepRunner(execute), hostReady: async () => {} },
  });
  const plan = planBuild({
    ...{ ...placement, config, facts: { ...facts, agentBundleDigest } },
    profile: profileOf(config.profile),
    temporaryDirectory: scratch,
    identity: () => Promise.reject(new Error('keys need no identity')),
    instanceId: 'id',
    signer: undefined,
  });
  const { keyOf } = plan.placement;
  const steps = inOrder(ARTIFACT_KINDS.map((kind) => ARTIFACTS[kind].step(plan)));
  return {
    ...Object.fromEntries(steps.map((step) => [step.id, keyOf(step)])),
    remaster: keyOf(plan.remasterMedium),
  };
}

// Prints the keys of the checkout that this file is in: node step-keys.ts SCRATCH
if (import.meta.main) {
  const root = join(import.meta.dirname, '../../..');
  process.stdout.write(JSON.stringify(await allStepKeys(root, process.argv[2] ?? '')));
}
