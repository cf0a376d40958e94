import { createRequire } from 'node:module';
import type { CommandContext } from '../commands/context.ts';
import type { ConfigOptions } from '../config/flags.ts';
import { prepareKeys, type Signing } from '../keys/prepare-keys.ts';
import { type BuildResult, build } from './build.ts';
import { gatherFacts } from './build-facts.ts';
import type { ArtifactKind } from './build-record.ts';
import { buildSummary } from './build-summary.ts';
import { loadForBuild } from './load-for-build.ts';
import { printPlan } from './print-plan.ts';

/** What the commands that build take beside the config's own flags. */
export interface RunBuildOptions extends ConfigOptions {
  readonly dryRun?: boolean;
  readonly fresh?: boolean;
  readonly artifacts?: string;
  readonly sizes?: boolean;
  readonly detached?: boolean;
}

/**
 * Loads the config, builds, and tells what came of it; undefined after a dry run.
 *
 * @param wanted what to leave in the artifacts directory.
 */
export async function runBuild(
  context: CommandContext,
  options: RunBuildOptions,
  wanted: readonly ArtifactKind[],
): Promise<BuildResult | undefined> {
  const { config, places } = await loadForBuild(context, options);
  const signing = signingOf(options, wanted);
  if (options.dryRun) {
    const { reporter, root, env } = context;
    const { trust, signer } = await prepareKeys(config.update, {
      create: false,
      signing,
      reporter,
    });
    const facts = await gatherFacts({ root, config, trust, env });
    const only = wanted.includes('qcow2') ? {} : { only: UPDATE_STEPS };
    printPlan(context, { config, places, facts, signer, ...only });
    return undefined;
  }
  const result = await build({
    config,
    directories: places,
    env: context.env,
    reporter: context.reporter,
    signal: context.signal,
    version: ownVersion(),
    fresh: options.fresh === true,
    wanted,
    signing,
  });
  // The record holds no secret; the password is for people's eyes and never goes into JSON.
  context.reporter.result(
    buildSummary(result, places.artifacts, { sizes: options.sizes === true }),
    {
      cached: result.cached,
      artifacts: places.artifacts,
      record: result.record,
    },
  );
  return result;
}

const UPDATE_STEPS = ['agent', 'node', 'rootfs', 'slot', 'payload', 'update'] as const;

/** A disk alone needs no signature, but notes the one its slot would be delivered with. */
function signingOf(options: RunBuildOptions, wanted: readonly ArtifactKind[]): Signing {
  if (options.detached) {
    return 'none';
  }
  return wanted.includes('update') ? 'required' : 'optional';
}

/** Version of the builder, from its package.json. */
function ownVersion(): string {
  const require = createRequire(import.meta.url);
  return (require('../../package.json') as { version: string }).version;
}
