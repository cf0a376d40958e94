import { createRequire } from 'node:module';
import type { Artifact } from '../../artifacts/artifact.ts';
import { ARTIFACTS, type ArtifactKind } from '../../artifacts/index.ts';
import type { ConfigOptions } from '../../config/flags.ts';
import { prepareKeys, type Signing } from '../../keys/prepare-keys.ts';
import { linkLatest } from '../../output/latest-links.ts';
import { gatherBuildFacts } from '../../steps/build-facts.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { factsForDryRun } from './agent-bundle.ts';
import { type BuildResult, build } from './build.ts';
import { buildSummary } from './build-summary.ts';
import { loadForBuild } from './load-for-build.ts';
import { printPlan } from './print-plan.ts';

/** Options of the commands that build, in addition to the config's flags. */
export interface RunBuildOptions extends ConfigOptions {
  readonly dryRun?: boolean;
  readonly fresh?: boolean;
  readonly offline?: boolean;
  readonly artifacts?: string;
  readonly sizes?: boolean;
  readonly detached?: boolean;
}

/**
 * Loads the config, builds, and prints the result; undefined after a dry run.
 *
 * @param wanted what to leave in the artifacts directory.
 */
export async function runBuild(
  context: CommandContext,
  options: RunBuildOptions,
  wanted: readonly ArtifactKind[],
): Promise<BuildResult | undefined> {
  const { config, configFile, whereIs, places } = await loadForBuild(context, options);
  const signing = signingOf(options, wanted);
  if (options.dryRun) {
    const { reporter, root, env, signal } = context;
    const { trust, signer } = await prepareKeys(config.update, {
      create: false,
      signing,
      reporter,
    });
    const facts = await gatherBuildFacts({ root, config, whereIs, trust, env });
    for (const kind of wanted) {
      const { checkConfig }: Artifact = ARTIFACTS[kind];
      checkConfig?.(config, reporter);
    }
    printPlan(context, {
      ...{ config, configFile, places, signer },
      facts: await factsForDryRun(facts, { places, signal, reporter }),
      targets: (plan) => [plan.steps.slot, ...wanted.map((kind) => ARTIFACTS[kind].step(plan))],
    });
    return undefined;
  }
  const result = await build({
    config,
    whereIs,
    directories: places,
    env: context.env,
    reporter: context.reporter,
    signal: context.signal,
    version: ownVersion(),
    fresh: options.fresh === true,
    offline: options.offline === true,
    artifacts: ARTIFACTS,
    wanted,
    signing,
    // The other artifacts are useful without an ISO.
    ifPossible: wanted.includes('update'),
  });
  // Even if nothing was built: the last build may have been another product's.
  await linkLatest(places, context.reporter);
  // The record contains no secret; the password is never in JSON.
  context.reporter.result(
    buildSummary(result, places.artifacts, {
      kinds: ARTIFACTS,
      sizes: options.sizes === true,
      mayShowSecrets: context.mayShowSecrets,
    }),
    {
      cached: result.cached,
      packageAge: result.packageAge,
      config: configFile,
      artifacts: places.artifacts,
      record: result.record,
    },
  );
  return result;
}

/** A disk alone needs no signature, but records who would sign its slot as an update. */
function signingOf(options: RunBuildOptions, wanted: readonly ArtifactKind[]): Signing {
  if (options.detached) {
    return 'none';
  }
  return wanted.includes('update') ? 'required' : 'optional';
}

/** Version of the builder, from its package.json. */
function ownVersion(): string {
  const require = createRequire(import.meta.url);
  return (require('../../../package.json') as { version: string }).version;
}
