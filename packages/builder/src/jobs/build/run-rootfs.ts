import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIB } from '@micro-linux/core';
import { prepareKeys } from '../../keys/prepare-keys.ts';
import { copyWhole } from '../../output/copy-whole.ts';
import { linkLatest } from '../../output/latest-links.ts';
import { renderSizeReport, sizeReport } from '../../output/report/size-report.ts';
import { gatherBuildFacts } from '../../steps/build-facts.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { factsForDryRun } from './agent-bundle.ts';
import { loadForBuild } from './load-for-build.ts';
import { lockArtifacts } from './lock.ts';
import { makeSlot } from './make-slot.ts';
import { printPlan } from './print-plan.ts';
import type { RunBuildOptions } from './run-build.ts';
import { openSession } from './session.ts';

/** `rootfs`: builds only the slot image, into the artifacts directory. */
export async function runRootfs(context: CommandContext, options: RunBuildOptions): Promise<void> {
  const { config, configFile, whereIs, places } = await loadForBuild(context, options);
  const { trust, signer } = await prepareKeys(config.update, {
    create: !options.dryRun,
    signing: 'none',
    reporter: context.reporter,
  });
  const facts = await gatherBuildFacts({ ...context, config, whereIs, trust });
  if (options.dryRun) {
    printPlan(context, {
      ...{ config, configFile, places, signer },
      facts: await factsForDryRun(facts, { ...context, places }),
      targets: ({ steps }) => [steps.slot],
    });
    return;
  }
  const target = join(places.artifacts, `${places.name}.slot.ext4`);
  const release = await lockArtifacts(places.artifacts);
  try {
    const offline = options.offline === true;
    const session = await openSession({
      ...context,
      ...{ config, whereIs, directories: places, facts, signer, offline },
      fresh: options.fresh === true,
      identity: () => Promise.reject(new Error('the slot image contains no identity')),
      instanceId: 'none',
    });
    const { image, listing } = session.plan.slotImage;
    await session.inWorkDirectory(async () => {
      const { digest: slot, packageAge } = await makeSlot(session, { config, offline });
      const sizes = sizeReport(await readFile(listing, 'utf8'));
      await copyWhole(image, target);
      await linkLatest(places, context.reporter);
      context.reporter.result(
        [
          `${target}  ${(slot.bytes / MIB).toFixed(0)} MiB, sha256 ${slot.sha256}`,
          renderSizeReport(sizes),
        ].join('\n'),
        {
          ...{ config: configFile, image: target, slot, packageAge, sizes },
          steps: session.runner.timings,
        },
      );
    });
  } finally {
    await release();
  }
}
