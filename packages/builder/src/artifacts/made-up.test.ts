import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildSummary } from '../jobs/build/build-summary.ts';
import { keptArtifacts, untouchedArtifacts } from '../jobs/build/kept-artifacts.ts';
import { makeArtifacts } from '../jobs/build/make-artifacts.ts';
import { missingArtifacts } from '../jobs/build/missing-artifacts.ts';
import { TEST_TRUST, testConfig, testFacts } from '../jobs/build/testing.ts';
import { listeningReporter } from '../keys/testing.ts';
import { inOrder } from '../plan/in-order.ts';
import { stepRunner } from '../plan/run-steps.ts';
import { stepResult } from '../plan/step-directory.ts';
import { testStep } from '../plan/testing.ts';
import { profileOf } from '../profiles/index.ts';
import { type BuildPlan, planBuild } from '../steps/plan-build.ts';
import type { Artifact } from './artifact.ts';
import { ARTIFACTS } from './index.ts';
import { readyArtifact } from './ready-artifact.ts';

/** All that a new kind of artifact needs; here, the list of the files in the slot. */
const FILE_LIST: Artifact = {
  step: fileListStep,
  files: 1,
  holdsLogin: false,
  boots: undefined,
  holdsSeed: false,
  signed: false,
  tools: [],
  ready: (kind, { plan, signal }) =>
    readyArtifact(kind, stepResult(fileListStep(plan), plan.placement), signal),
};

function fileListStep({ steps }: BuildPlan) {
  return testStep('file-list', {
    needs: [steps.node],
    run: ({ outputDirectory }) => writeFile(join(outputDirectory, 'files.txt'), '/bin/sh\n'),
    result: (directory) => join(directory, 'files.txt'),
  });
}

const KINDS = { ...ARTIFACTS, files: FILE_LIST };

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'made-up-'));
});
afterEach(() => rm(scratch, { recursive: true }));

it('a made-up artifact is planned, made, published, kept and reported', async () => {
  const config = await testConfig();
  const cacheDirectory = join(scratch, 'cache');
  const plan = planBuild({
    ...{
      config,
      facts: testFacts(),
      name: 'made-up',
      cacheDirectory,
      workDirectory: join(scratch, 'work'),
    },
    ...{ profile: profileOf(config.profile), temporaryDirectory: scratch, instanceId: 'id' },
    identity: () => Promise.reject(new Error('nothing of it asks for a login')),
    signer: undefined,
  });
  expect(inOrder([FILE_LIST.step(plan)]).map(({ id }) => id)).toEqual(['node', 'file-list']);
  expect(missingArtifacts(['qcow2', 'files'], ['qcow2'], config, KINDS)).toEqual(['files']);

  const execute = {
    ...{ run, signal: new AbortController().signal, reporter: listeningReporter(), fresh: false },
    ...{ ...plan.placement, logFile: join(scratch, 'log') },
  };
  const runner = stepRunner(execute);
  // Its needs are in the cache of this test.
  const steps = { ...plan.steps, node: { ...plan.steps.node, run: async () => {} } };
  const session = { plan: { ...plan, steps }, runner, execute, workDirectory: scratch };
  const [publish] = await makeArtifacts(
    { ...session, inWorkDirectory: (work) => work() },
    {
      ...{ artifacts: KINDS, missing: ['files'], trust: TEST_TRUST },
      ...{ signer: undefined, signedUpdate: undefined },
    },
  );
  const records = (await publish?.(scratch)) ?? [];
  expect(records).toMatchObject([{ kind: 'files', file: 'files.txt', bytes: 8 }]);
  expect(await readFile(join(scratch, 'files.txt'), 'utf8')).toBe('/bin/sh\n');

  // No other field of the record is read.
  const record = { artifacts: records, build: '' } as unknown as Parameters<
    typeof untouchedArtifacts
  >[0];
  const untouched = await untouchedArtifacts(record, KINDS, scratch);
  const kept = await keptArtifacts(untouched, {
    ...{ artifacts: KINDS, directory: scratch, config, build: '' },
    keyOf: () => plan.placement.keyOf(FILE_LIST.step(session.plan)),
  });
  expect(kept).toEqual(records);

  const told = { slot: { bytes: 1, sha256: '' }, trustedKeys: [], sizes: [], seconds: 1 };
  const built = { record: { ...record, ...told }, cached: false, password: undefined };
  const result = built as unknown as Parameters<typeof buildSummary>[0];
  const options = { kinds: KINDS, sizes: false, mayShowSecrets: false };
  expect(buildSummary(result, scratch, options)).toContain('files.txt  0 MiB');
});
