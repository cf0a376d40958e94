import { join } from 'node:path';
import { SeedFile } from '../autoinstall/make/seed-files.ts';
import { SEED_DIRECTORY } from '../output/directories.ts';
import { stepResult } from '../plan/step-directory.ts';
import type { Artifact } from './artifact.ts';
import { readySeed } from './ready-seed.ts';
import { reportSeedBeforehand } from './report-seed.ts';

/** The seed of an installer: a folder with a few files. */
export const seed: Artifact = {
  step: ({ steps }) => steps.seed,
  files: Object.keys(SeedFile).length,
  holdsLogin: true,
  boots: undefined,
  holdsSeed: true,
  signed: false,
  tools: [],
  checkConfig: reportSeedBeforehand,
  ready: (kind, { plan }) => readySeed(kind, stepResult(plan.steps.seed, plan.placement)),
  summary: (_records, artifacts) => [
    `  ${join(artifacts, SEED_DIRECTORY)}/  the seed, with the hash of the password`,
  ],
};
