import { randomUUID } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { run } from '@micro-linux/core';
import { readySeed } from '../../artifacts/ready-seed.ts';
import { reportSeedBeforehand } from '../../artifacts/report-seed.ts';
import { SeedFile, type SeedTexts } from '../../autoinstall/make/seed-files.ts';
import type { SeedFiles } from '../../autoinstall/make/seed-step.ts';
import { identityOf } from '../../config/identity/identity-of.ts';
import { requireTools } from '../../host/missing-tools.ts';
import { prepareKeys } from '../../keys/prepare-keys.ts';
import { copyWhole } from '../../output/copy-whole.ts';
import { writeCredentials } from '../../output/credentials.ts';
import { linkLatest } from '../../output/latest-links.ts';
import { fileDigest } from '../../plan/digest.ts';
import { stepResult } from '../../plan/step-directory.ts';
import { gatherBuildFacts } from '../../steps/build-facts.ts';
import {
  type MediumSignatures,
  mediumSignatures,
  tellMissingSignatures,
} from '../../steps/medium/medium-signatures.ts';
import { manifestName } from '../../steps/update/update-step.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { buildLogin } from '../build/build-login.ts';
import { loadForBuild } from '../build/load-for-build.ts';
import { lockArtifacts } from '../build/lock.ts';
import { makeSlot } from '../build/make-slot.ts';
import { openSession } from '../build/session.ts';
import { printRemaster } from './print-remaster.ts';
import { remaster } from './remaster.ts';
import { type RemasterJob, remasterRequest } from './remaster-job.ts';
import type { ChosenSource, RemasterOptions } from './remaster-options.ts';
import { remasterSummary } from './remaster-summary.ts';
import { judgeSource } from './source/judge-source.ts';
import { readSource } from './source/read-source.ts';

const TOOLS = ['xorriso', 'mksquashfs'];

/**
 * `iso` with Ubuntu's ISO as its source: builds the contents of a medium, and writes a copy of that
 * ISO with them. Checks the ISO first, so that nothing is built for an unusable one.
 *
 * @throws MicroLinuxError `source-iso-…` (exit code 2), and of the build's steps.
 */
export async function runRemaster(
  context: CommandContext,
  options: RemasterOptions,
  chosen: ChosenSource,
): Promise<void> {
  const { config, whereIs, places } = await loadForBuild(context, options);
  const { reporter, signal, env, root } = context;
  reportSeedBeforehand(config, reporter);
  await requireTools(TOOLS, env['PATH']);
  const source = await readSource(resolve(context.cwd, chosen.path), chosen.sha256, {
    run,
    signal,
    temporary: places.temporary,
  });
  const sourceInfo = judgeSource(source);
  const { trust, signer } = await prepareKeys(config.update, {
    create: !options.dryRun,
    signing: 'required',
    reporter,
  });
  const job: RemasterJob = {
    config,
    whereIs,
    places,
    facts: await gatherBuildFacts({ root, config, whereIs, trust, env }),
    signer,
    source,
    sourceInfo,
    output: join(places.artifacts, `${places.name}.ubuntu-${sourceInfo.release}.iso`),
    slim: options.slim === true,
  };
  if (options.dryRun) {
    await printRemaster(context, job);
    return;
  }
  const release = await lockArtifacts(places.artifacts);
  try {
    await buildAndRemaster(context, options, job);
  } finally {
    await release();
  }
}

async function buildAndRemaster(
  context: CommandContext,
  options: RemasterOptions,
  job: RemasterJob,
): Promise<void> {
  const { config, places } = job;
  const { reporter, signal } = context;
  const fresh = options.fresh === true;
  const { artifacts } = places;
  const login = buildLogin({ user: config.user, artifacts, run, signal, renew: () => fresh });
  const offline = options.offline === true;
  const session = await openSession({
    ...job,
    ...{ directories: places, env: context.env, reporter, signal, fresh, offline },
    identity: async () => identityOf(config, (await login.ask()).hash),
    instanceId: `micro-linux-${randomUUID()}`,
  });
  const { plan, runner, workDirectory } = session;
  await session.inWorkDirectory(async () => {
    const { digest: slot, packageAge } = await makeSlot(session, { config, offline });
    const { seed, node, agent } = plan.steps;
    await runner.run([plan.remasterMedium]);
    const seedFiles = stepResult(seed, plan.placement);
    const mediumFiles = stepResult(plan.remasterMedium, plan.placement);
    signal.throwIfAborted();
    // First the secret, then what contains it.
    const { plain } = (await login.asked()) ?? {};
    if (plain !== undefined) {
      const secret = { user: config.user.name, password: plain, build: randomUUID() };
      await writeCredentials(artifacts, secret);
    }
    await (await readySeed('seed', seedFiles)).publish(artifacts);

    const progress = reporter.step(`remaster of Ubuntu ${job.sourceInfo.release}`);
    try {
      const change = await remaster(
        {
          ...remasterRequest(job),
          payload: mediumFiles,
          node: stepResult(node, plan.placement).node,
          agent: stepResult(agent, plan.placement).bundle,
          seed: await seedTextsOf(seedFiles),
          output: job.output,
          sourceDateEpoch: job.facts.sourceDateEpoch,
        },
        {
          ...{ run, signal, temporary: workDirectory },
          progress: (state) => progress.progress(state),
        },
      );
      progress.done();
      const signed = await mediumSignatures(mediumFiles, job.facts.trust);
      await publishManifest(job.output, signed);
      await linkLatest(places, reporter);
      tellMissingSignatures(basename(job.output), signed, reporter);
      const { size: bytes } = await stat(job.output);
      const sha256 = await fileDigest(job.output, signal);
      const about = { iso: job.output, bytes, sha256, source: job.sourceInfo, ...change };
      reporter.result(remasterSummary(job, change, { bytes, sha256, password: plain }, context), {
        ...about,
        placed: change.placed.map(({ path }) => path),
        slot,
        packageAge,
        steps: runner.timings,
      });
    } catch (thrown) {
      progress.failed();
      throw thrown;
    }
  });
}

/** The bytes to sign, next to an ISO that needs more signatures; otherwise that file is removed. */
async function publishManifest(iso: string, { manifest }: MediumSignatures): Promise<void> {
  const beside = manifestName(iso);
  await (manifest === undefined ? rm(beside, { force: true }) : copyWhole(manifest, beside));
}

async function seedTextsOf(files: SeedFiles): Promise<SeedTexts> {
  return {
    [SeedFile.userData]: await readFile(files.userData, 'utf8'),
    [SeedFile.metaData]: await readFile(files.metaData, 'utf8'),
    [SeedFile.autoinstall]: await readFile(files.autoinstall, 'utf8'),
  };
}
