import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, MicroLinuxError } from '@micro-linux/core';
import type { TreeEntry } from '@micro-linux/provision';
import type { WhereIs } from '../../config/where-is.ts';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step } from '../../plan/step.ts';
import type { LocalPackage } from '../product-root/local-packages.ts';
import { writeTar } from '../tar/write-tar.ts';
import { askApt } from './ask-apt.ts';
import { explainMmdebstrap } from './explain-mmdebstrap.ts';
import { judgePackages } from './judge-packages.ts';
import { mirrorLogins } from './mirror-logins.ts';
import { mmdebstrapArguments, type RootfsPlan } from './mmdebstrap-arguments.ts';
import { mmdebstrapProgress } from './mmdebstrap-progress.ts';
import { extractFacts, factsIn } from './root-facts.ts';

/** Outputs of the step, and of those that add to its root file system. */
export interface Rootfs {
  /** The root file system as a tar with owners and extended attributes. */
  readonly tar: string;
  /** The .debs with shim and the signed GRUB. */
  readonly bootPackages: string;
  /** Copies of /etc/passwd and related files, and of dpkg's status file, under the same paths. */
  readonly facts: string;
}

export interface BaseRootfs extends Rootfs {
  /** A tar of apt's package lists, with paths below /var/lib/apt. */
  readonly aptLists: string;
}

export interface RootfsStepOptions {
  readonly plan: RootfsPlan;
  /** Files that go into the kernel's initrd. */
  readonly early: readonly TreeEntry[];
  /** SHA-256 of the contents of those files. */
  readonly earlyDigest: string;
  /** SHA-256 of the keyring file: another key means another archive. */
  readonly keyringDigest: string;
  /** Modification time of the overlay's files, seconds since 1970. */
  readonly sourceDateEpoch: number;
  /** `packages.remove`. */
  readonly unwanted: readonly string[];
  readonly whereIs: WhereIs;
  /** .deb files that are installed later. They are no input: they only must be installable. */
  readonly local: readonly LocalPackage[];
  /** A file with logins, in the format of apt_auth.conf(5). */
  readonly mirrorAuth: string | undefined;
  /** Directory below which mmdebstrap unpacks; every user must be able to enter it. */
  readonly temporaryDirectory: string;
}

/** Makes the root file system with mmdebstrap, without root. */
export function rootfsStep(options: RootfsStepOptions): Step<BaseRootfs> {
  const { plan } = options;
  const placeholders = {
    earlyOverlay: 'early.tar',
    rootfs: 'rootfs.tar',
    outputDirectory: '.',
    aptLists: 'apt-lists.tar',
  };
  const paths = (directory: string) => ({
    earlyOverlay: join(directory, 'early.tar'),
    rootfs: join(directory, 'rootfs.tar'),
    outputDirectory: directory,
    aptLists: join(directory, 'apt-lists.tar'),
  });
  return {
    id: 'rootfs',
    title: `root file system of ${plan.profile.title}`,
    code: [ownPath(import.meta.filename)],
    needs: [],
    inputs: {
      arguments: mmdebstrapArguments(plan, placeholders),
      early: options.earlyDigest,
      keyring: options.keyringDigest,
      epoch: options.sourceDateEpoch,
    },
    cached: true,
    describe: (directory) => [
      commandLine('mmdebstrap', mmdebstrapArguments(plan, paths(directory))),
    ],
    async run(context) {
      const logins = await mirrorLogins(options, context);
      context.progress({ message: 'looking for the packages' });
      const wrong = judgePackages(await askApt({ ...options, logins }, context), options);
      if (wrong) {
        throw wrong;
      }
      const made = paths(context.outputDirectory);
      await writeTar(made.earlyOverlay, options.early, options.sourceDateEpoch);
      const progress = mmdebstrapProgress(context.progress);
      try {
        await context.run('mmdebstrap', mmdebstrapArguments(plan, { ...made, logins }), {
          signal: context.signal,
          logFile: context.logFile,
          onLine: progress,
          env: { TMPDIR: options.temporaryDirectory },
        });
      } catch (thrown) {
        throw explainMmdebstrap(thrown);
      }
      const packages = await readdir(join(context.outputDirectory, 'boot-packages'));
      if (packages.length < plan.profile.secureBoot.packages.length) {
        throw new MicroLinuxError({
          code: 'boot-packages-missing',
          message: `the archive did not deliver ${plan.profile.secureBoot.packages.join(', ')}`,
          hint: 'use a mirror that has the whole suite',
        });
      }
      await extractFacts(made.rootfs, factsIn(context.outputDirectory), context);
    },
    result: (directory) => ({
      facts: factsIn(directory),
      aptLists: join(directory, 'apt-lists.tar'),
      tar: join(directory, 'rootfs.tar'),
      bootPackages: join(directory, 'boot-packages'),
    }),
  };
}
