import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { CommandContext } from '../context/command-context.ts';
import type { Signer } from '../keys/signer.ts';
import { profileOf } from '../profiles/index.ts';
import type { BuildFacts } from './build-facts.ts';
import type { Directories } from './directories.ts';
import { type BuildPlan, planBuild } from './plan-build.ts';

/** Prints the steps a build would run, with their commands: `--dry-run`. Writes nothing. */
export function printPlan(
  context: CommandContext,
  options: {
    readonly config: Config;
    readonly configFile: string | null;
    readonly places: Directories;
    readonly facts: BuildFacts;
    readonly signer: Signer | undefined;
    /** Which steps; all unless told. */
    readonly only?: readonly (keyof BuildPlan['steps'])[];
  },
): void {
  const { config, places, facts, signer, only } = options;
  const plan = planBuild({
    config,
    profile: profileOf(config.profile),
    facts,
    cacheDirectory: places.cache,
    workDirectory: join(places.temporary, 'micro-linux-XXXXXX'),
    temporaryDirectory: places.temporary,
    identity: () => Promise.reject(new Error('a dry run makes no password')),
    instanceId: 'micro-linux',
    signer,
  });
  const names = only ?? (Object.keys(plan.steps) as (keyof BuildPlan['steps'])[]);
  const steps = names
    .map((name) => plan.steps[name])
    .map((step) => ({ id: step.id, title: step.title, commands: step.describe() }));
  context.reporter.result(
    steps.map(({ title, commands }) => `# ${title}\n${commands.join('\n')}`).join('\n\n'),
    { config: options.configFile, buildId: plan.buildId, steps },
  );
}
