import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { partitionUuid } from '@micro-linux/provision';
import type { Config } from '../../config/config.ts';
import type { Trust } from '../../keys/trust.ts';
import { installedPackages } from '../../output/report/packages.ts';
import { sizeReport } from '../../output/report/size-report.ts';
import type { BuildPlan } from '../../steps/plan-build.ts';

/** The part of a build's record that depends on config and packages. */
export async function describeBuild(plan: BuildPlan, config: Config, trust: Trust) {
  const status = await readFile(join(plan.rootfsFacts, 'var/lib/dpkg/status'), 'utf8');
  const packages = installedPackages(status);
  return {
    schema: 1,
    profile: config.profile,
    version: config.version,
    compatible: config.compatible,
    rollbackIndex: config.update.rollbackIndex,
    trustedKeys: trust.keys.map(({ keyId }) => keyId),
    developmentKey: trust.development,
    product: plan.summary,
    buildId: plan.buildId,
    kernel: packages.find(({ name }) => /^linux-image-\d/.test(name))?.name ?? 'unknown',
    slotBytes: config.disk.slotBytes,
    partitions: plan.layout.map(({ number, name, start, sectors }) => ({
      number,
      name,
      uuid: partitionUuid(plan.buildId, name),
      startSector: start,
      sectors,
    })),
    sizes: sizeReport(await readFile(plan.slotImage.listing, 'utf8')),
    packages,
  } as const;
}
