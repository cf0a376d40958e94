import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, MicroLinuxError } from '@micro-linux/core';
import type { Step } from '../plan/step.ts';
import type { TreeEntry } from '../tar/tree-entry.ts';
import { writeTar } from '../tar/write-tar.ts';
import { mmdebstrapArguments, type RootfsPlan } from './mmdebstrap-arguments.ts';
import { mmdebstrapProgress } from './mmdebstrap-progress.ts';

/** What the step leaves behind. */
export interface Rootfs {
  /** The root file system as a tar with owners and extended attributes. */
  readonly tar: string;
  /** The .debs that hold shim and the signed GRUB. */
  readonly bootPackages: string;
  /** Copies of /etc/passwd and its kin, and of dpkg's status file, under their own paths. */
  readonly facts: string;
}

/** Small files of the root file system that later steps read. */
const FACT_FILES = [
  'etc/passwd',
  'etc/group',
  'etc/shadow',
  'etc/gshadow',
  'var/lib/dpkg/status',
  'boot',
];

export interface RootfsStepOptions {
  readonly plan: RootfsPlan;
  /** Files the kernel's initrd is made with. */
  readonly early: readonly TreeEntry[];
  /** SHA-256 of what those files hold. */
  readonly earlyDigest: string;
  /** SHA-256 of the keyring file: another key is another archive. */
  readonly keyringDigest: string;
  /** Modification time of the overlay's files, seconds since 1970. */
  readonly sourceDateEpoch: number;
  /** Directory below which mmdebstrap unpacks; every user must be able to enter it. */
  readonly temporaryDirectory: string;
}

/** Makes the root file system with mmdebstrap, without root. */
export function rootfsStep(options: RootfsStepOptions): Step<Rootfs> {
  const { plan } = options;
  const placeholders = { earlyOverlay: 'early.tar', rootfs: 'rootfs.tar', outputDirectory: '.' };
  return {
    id: 'rootfs',
    title: `root file system of ${plan.profile.title}`,
    inputs: {
      arguments: mmdebstrapArguments(plan, placeholders),
      early: options.earlyDigest,
      keyring: options.keyringDigest,
    },
    describe: () => [commandLine('mmdebstrap', mmdebstrapArguments(plan, placeholders))],
    async run(context) {
      const earlyOverlay = join(context.outputDirectory, 'early.tar');
      await writeTar(earlyOverlay, options.early, options.sourceDateEpoch);
      const paths = {
        earlyOverlay,
        rootfs: join(context.outputDirectory, 'rootfs.tar'),
        outputDirectory: context.outputDirectory,
      };
      const progress = mmdebstrapProgress(context.progress);
      try {
        await context.run('mmdebstrap', mmdebstrapArguments(plan, paths), {
          signal: context.signal,
          logFile: context.logFile,
          onLine: progress,
          env: { TMPDIR: options.temporaryDirectory },
        });
      } catch (thrown) {
        throw explain(thrown);
      }
      const packages = await readdir(join(context.outputDirectory, 'boot-packages'));
      if (packages.length < plan.profile.secureBoot.packages.length) {
        throw new MicroLinuxError({
          code: 'boot-packages-missing',
          message: `the archive did not give ${plan.profile.secureBoot.packages.join(', ')}`,
          hint: 'use a mirror that carries the whole suite',
        });
      }
      const facts = join(context.outputDirectory, 'facts');
      await mkdir(facts);
      await context.run(
        'tar',
        ['-xf', paths.rootfs, '-C', facts, '--no-same-owner', '--no-same-permissions'].concat(
          FACT_FILES.map((file) => `./${file}`),
        ),
        { signal: context.signal, logFile: context.logFile },
      );
    },
    result: (directory) => ({
      facts: join(directory, 'facts'),
      tar: join(directory, 'rootfs.tar'),
      bootPackages: join(directory, 'boot-packages'),
    }),
  };
}

/** What apt and mmdebstrap say of well-known mishaps, and what to do about each. */
const EXPLANATIONS: readonly { pattern: RegExp; code: string; message: string; hint: string }[] = [
  {
    pattern: /E: Unable to locate package (\S+)|E: Package '(\S+)' has no installation candidate/,
    code: 'package-unknown',
    message: 'the archive has no package named $1',
    hint: 'correct the name under packages.add or kernel.package in micro-linux.yaml',
  },
  {
    pattern: /NO_PUBKEY (\S+)|not signed|BADSIG|EXPKEYSIG/,
    code: 'keyring-wrong',
    message: 'the archive is not signed by a key of the keyring',
    hint: 'set keyring: in micro-linux.yaml to the keyring of this archive',
  },
  {
    pattern: /No space left on device/,
    code: 'disk-full',
    message: 'the build host ran out of disk space',
    hint: 'free some space, or point TMPDIR and XDG_CACHE_HOME at a larger disk',
  },
  {
    pattern: /Hash Sum mismatch|File has unexpected size/,
    code: 'mirror-broken',
    message: 'the mirror gave files that do not match its own index',
    hint: 'try again in a few minutes, or set another mirror: in micro-linux.yaml',
  },
  {
    pattern: /E: Failed to fetch (\S+)|Temporary failure resolving|Could not connect/,
    code: 'archive-unreachable',
    message: 'packages could not be fetched from the archive',
    hint: 'check the network, or set another mirror: in micro-linux.yaml',
  },
];

function explain(thrown: unknown): unknown {
  if (!(thrown instanceof MicroLinuxError) || thrown.code !== 'tool-failed') {
    return thrown;
  }
  for (const { pattern, code, message, hint } of EXPLANATIONS) {
    const match = pattern.exec(thrown.cause instanceof Error ? thrown.cause.message : '');
    if (match) {
      return new MicroLinuxError({
        code,
        message: message.replace('$1', match[1] ?? match[2] ?? ''),
        why: thrown.why,
        hint,
        details: thrown.details,
        cause: thrown,
      });
    }
  }
  return thrown;
}
