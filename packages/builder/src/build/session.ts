import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Reporter, run, toMicroLinuxError } from '@micro-linux/core';
import type { Identity } from '@micro-linux/provision';
import type { Config } from '../config/config.ts';
import { requireTools } from '../host/missing-tools.ts';
import type { Signer } from '../keys/signer.ts';
import { sweepCache } from '../plan/clean-cache.ts';
import type { ExecuteOptions } from '../plan/execute.ts';
import { profileOf } from '../profiles/index.ts';
import { makeOwnFolder, sweepFolders } from '../temporary/own-folder.ts';
import { removeTree } from '../userns/remove-tree.ts';
import type { BuildFacts } from './build-facts.ts';
import { BUILD_TOOLS } from './build-tools.ts';
import type { Directories } from './directories.ts';
import { requireFreeSpace } from './free-space.ts';
import { type BuildPlan, planBuild } from './plan-build.ts';

export interface SessionOptions {
  readonly config: Config;
  readonly directories: Directories;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly facts: BuildFacts;
  /** Run every step, even one whose inputs did not change. */
  readonly fresh: boolean;
  readonly identity: () => Promise<Identity>;
  readonly instanceId: string;
  /** Who signs update.img; undefined: nobody. */
  readonly signer: Signer | undefined;
  /** An update of the same slot that was signed elsewhere; an ISO carries it then. */
  readonly signedUpdate?: string | undefined;
}

/** A plan with the place and the means to carry it out. */
export interface Session {
  readonly plan: BuildPlan;
  readonly execute: ExecuteOptions;
  readonly workDirectory: string;
}

/**
 * Checks the host, makes a work directory, lets `work` run steps in it and removes it again, also
 * after an error or Ctrl-C. The caller holds the lock on the artifacts directory.
 *
 * @throws MicroLinuxError `host-packages-missing`, `disk-full`, and what `work` throws.
 */
export async function withSession<Result>(
  options: SessionOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const { config, directories } = options;
  await requireTools(BUILD_TOOLS, options.env['PATH']);
  // What a killed build left behind may be what fills the disk.
  await sweepFolders(directories.temporary, run);
  await sweepCache(directories.cache, run);
  await requireFreeSpace(directories);
  const workDirectory = await makeOwnFolder(directories.temporary, 'micro-linux-', run);
  // Root of mmdebstrap's user namespace is another user, who must get through to its own part. The
  // steps' directories in it, one of which holds the password's hash, are for the owner alone.
  await chmod(workDirectory, 0o711);
  try {
    const logFile = join(directories.artifacts, 'build.log');
    await rm(logFile, { force: true });
    return await work({
      workDirectory,
      plan: planBuild({
        config,
        profile: profileOf(config.profile),
        facts: options.facts,
        cacheDirectory: directories.cache,
        workDirectory,
        temporaryDirectory: workDirectory,
        identity: options.identity,
        instanceId: options.instanceId,
        signer: options.signer,
        signedUpdate: options.signedUpdate,
      }),
      execute: {
        run,
        signal: options.signal,
        reporter: options.reporter,
        cacheDirectory: directories.cache,
        workDirectory,
        logFile,
        fresh: options.fresh,
      },
    });
  } finally {
    await removeTree(workDirectory, run).catch((error: unknown) => {
      const { message } = toMicroLinuxError(error);
      options.reporter.warn(`${workDirectory} stays until the next build: ${message}`);
    });
  }
}
