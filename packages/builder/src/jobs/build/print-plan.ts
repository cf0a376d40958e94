import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { Signer } from '../../keys/signer.ts';
import type { BuildPlaces } from '../../output/directories.ts';
import { inOrder } from '../../plan/in-order.ts';
import type { Step } from '../../plan/step.ts';
import { stepDirectory } from '../../plan/step-directory.ts';
import { profileOf } from '../../profiles/index.ts';
import type { BuildFacts } from '../../steps/build-facts.ts';
import { type BuildPlan, planBuild } from '../../steps/plan-build.ts';
import type { CommandContext } from '../../system/command-context.ts';

/** Prints the steps a build would run, with their commands: `--dry-run`. Writes nothing. */
export function printPlan(
  context: CommandContext,
  options: {
    readonly config: Config;
    readonly configFile: string | null;
    readonly places: BuildPlaces;
    readonly facts: BuildFacts;
    readonly signer: Signer | undefined;
    /** These steps and all they need are printed. */
    readonly targets: (plan: BuildPlan) => readonly Step<unknown>[];
  },
): void {
  const { config, places, facts, signer, targets } = options;
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
    name: places.name,
  });
  const steps = inOrder(targets(plan)).map((step) => ({
    id: step.id,
    title: step.title,
    commands: step.describe(stepDirectory(step, plan.placement)),
  }));
  context.reporter.result(
    steps.map(({ title, commands }) => `# ${title}\n${commands.join('\n')}`).join('\n\n'),
    { config: options.configFile, buildId: plan.buildId, steps },
  );
}
