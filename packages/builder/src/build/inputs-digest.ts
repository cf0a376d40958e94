import type { Identity } from '@micro-linux/provision';
import type { Config } from '../config/config.ts';
import type { Signer } from '../keys/signer.ts';
import { digestOf } from '../plan/digest.ts';
import { profileOf } from '../profiles/index.ts';
import type { BuildFacts } from './build-facts.ts';
import type { Directories } from './directories.ts';
import { planBuild } from './plan-build.ts';

/** Digest of the plan as `--dry-run` would print it, which names the signer, and of the config. */
export function inputsDigest(options: {
  readonly config: Config;
  readonly directories: Directories;
  readonly facts: BuildFacts;
  readonly signer: Signer | undefined;
}): string {
  const { config, directories, facts, signer } = options;
  const { buildId, steps } = planBuild({
    config,
    profile: profileOf(config.profile),
    facts,
    cacheDirectory: directories.cache,
    workDirectory: '',
    temporaryDirectory: '',
    identity: (): Promise<Identity> => Promise.reject(new Error('a plan makes no password')),
    instanceId: 'micro-linux',
    signer,
  });
  return digestOf([
    buildId,
    Object.values(steps).map((step) => step.describe()),
    withoutKeyFiles(config),
  ]);
}

/** Keys count by their ids, not by where they lie; a sign command may hold a secret, a login is one. */
function withoutKeyFiles(config: Config): object {
  const { rollbackIndex, compressionLevel, minimumAgent } = config.update;
  return {
    ...config,
    mirrorAuth: undefined,
    update: { rollbackIndex, compressionLevel, minimumAgent },
  };
}
