import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIB } from '@micro-linux/core';
import type { CommandContext } from '../context/command-context.ts';
import { prepareKeys } from '../keys/prepare-keys.ts';
import type { StepTiming } from '../plan/execute.ts';
import { renderSizeReport, sizeReport } from '../report/size-report.ts';
import { gatherFacts } from './build-facts.ts';
import { copyWhole } from './copy-whole.ts';
import { loadForBuild } from './load-for-build.ts';
import { lockArtifacts } from './lock.ts';
import { makeSlot } from './make-slot.ts';
import { printPlan } from './print-plan.ts';
import type { RunBuildOptions } from './run-build.ts';
import { withSession } from './session.ts';

const SLOT_STEPS = ['agent', 'node', 'rootfs', 'slot'] as const;

/** `rootfs`: builds the slot image alone and leaves it in the artifacts directory. */
export async function runRootfs(context: CommandContext, options: RunBuildOptions): Promise<void> {
  const { config, configFile, places } = await loadForBuild(context, options);
  const { trust, signer } = await prepareKeys(config.update, {
    create: !options.dryRun,
    signing: 'none',
    reporter: context.reporter,
  });
  const facts = await gatherFacts({ root: context.root, config, trust, env: context.env });
  if (options.dryRun) {
    printPlan(context, { config, configFile, places, facts, signer, only: SLOT_STEPS });
    return;
  }
  const target = join(places.artifacts, `micro-linux-${config.profile}.slot.ext4`);
  const release = await lockArtifacts(places.artifacts);
  try {
    await withSession(
      {
        config,
        directories: places,
        env: context.env,
        reporter: context.reporter,
        signal: context.signal,
        facts,
        fresh: options.fresh === true,
        identity: () => Promise.reject(new Error('the slot image holds no identity')),
        instanceId: 'none',
        signer,
      },
      async (session) => {
        const timings: StepTiming[] = [];
        const offline = options.offline === true;
        const { digest: slot, packageAge } = await makeSlot(session, { config, offline }, timings);
        const sizes = sizeReport(await readFile(session.plan.slotImage.listing, 'utf8'));
        await copyWhole(session.plan.slotImage.image, target);
        context.reporter.result(
          [
            `${target}  ${(slot.bytes / MIB).toFixed(0)} MiB, sha256 ${slot.sha256}`,
            renderSizeReport(sizes),
          ].join('\n'),
          { config: configFile, image: target, slot, packageAge, sizes, steps: timings },
        );
      },
    );
  } finally {
    await release();
  }
}
