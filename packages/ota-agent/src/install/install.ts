import { readFile } from 'node:fs/promises';
import { ExitCode, MicroLinuxError, PARTITIONS, partitionSpec } from '@micro-linux/core';
import { type InstallSeed, readInstallSeed } from '@micro-linux/provision';
import type { TrustPolicy } from '@micro-linux/update-image';
import type { Progress } from '../progress/progress.ts';
import type { System } from '../system/system.ts';
import { type CheckedMedium, checkMedium } from './check-medium.ts';
import { runCommands } from './commands/run-commands.ts';
import { chooseDisk, diskOf } from './disks/choose-disk.ts';
import { type Disk, describeDisk } from './disks/disk.ts';
import { gatherDisks, mediumDisk } from './disks/gather-disks.ts';
import { InstallLog } from './install-log.ts';
import { partitionPath, planInstall, planRescue } from './plan/plan-install.ts';
import type { InstallStep } from './plan/steps.ts';
import { refuseBelowKept } from './refuse-below-kept.ts';
import { runSteps, undoBootable } from './run-steps.ts';
import { withMountedData } from './write/data-partition.ts';

/** What an installation is told. */
export interface InstallOptions {
  /** Where the medium is mounted. */
  readonly medium: string;
  /** Path of the seed. */
  readonly seed: string;
  /** In place of the seed's rules. */
  readonly disk: string | undefined;
  /** Whether the seed's commands are run. */
  readonly commands: boolean;
}

/** What a rescue is told. */
export interface RescueOptions {
  readonly medium: string;
  /** Undefined: the only disk that has our partitions. */
  readonly disk: string | undefined;
  /** Whether slot A is written anew, beside the ESP. */
  readonly slot: boolean;
}

export interface InstallWorld {
  readonly system: System;
  readonly trust: TrustPolicy;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Milliseconds without a sign of life after which a step has failed. */
  readonly stallMs: number;
}

/** Everything that was found out, and what will be done; nothing has been written. */
export interface InstallPlan {
  readonly checked: CheckedMedium;
  readonly disk: Disk;
  readonly seed: InstallSeed | undefined;
  readonly steps: readonly InstallStep[];
  readonly log: InstallLog;
}

/**
 * Reads seed and medium, chooses the disk and makes the plan. Writes nothing, but runs the
 * early-commands unless told not to: they may load a driver that the disk needs.
 *
 * @throws MicroLinuxError for everything that stands in the way.
 */
export async function prepareInstall(
  world: InstallWorld,
  options: InstallOptions,
): Promise<InstallPlan> {
  const { system } = world;
  const log = new InstallLog(() => system.now());
  const seed = await readSeed(options.seed);
  const progress = log.follow(world.progress);
  return planFrom({ ...world, progress }, options.medium, async (checked) => {
    if (options.commands) {
      await runCommands(system, 'early-commands', seed.earlyCommands, log.add);
    }
    const { disks, own } = await disksAndMedium(system, options.medium);
    const disk =
      options.disk === undefined
        ? chooseDisk(seed.disk.match, disks, own)
        : diskOf(disks, options.disk, own);
    log.add(`the disk is ${describeDisk(disk)}`);
    const { head, manifest } = checked.medium;
    const steps = planInstall({
      manifest,
      imageBytes: head.manifest.image.bytes,
      disk,
      seed,
      commands: options.commands,
    });
    if (seed.disk.preserveData) {
      await refuseBelowKept(world, dataOf(disk), head);
    }
    return { checked, disk, seed, steps, log };
  });
}

/** As {@link prepareInstall}, for a disk that has our partitions already. */
export async function prepareRescue(
  world: InstallWorld,
  options: RescueOptions,
): Promise<InstallPlan> {
  const { system } = world;
  const log = new InstallLog(() => system.now());
  return planFrom(world, options.medium, async (checked) => {
    const { disks, own } = await disksAndMedium(system, options.medium);
    const disk =
      options.disk === undefined ? onlyOurs(disks, own) : diskOf(disks, options.disk, own);
    const { head, manifest } = checked.medium;
    const imageBytes = head.manifest.image.bytes;
    const steps = planRescue({ manifest, imageBytes, disk, slot: options.slot });
    if (options.slot) {
      await refuseBelowKept(world, dataOf(disk), head);
    }
    return { checked, disk, seed: undefined, steps, log };
  });
}

/** Checks the medium and lets `plan` decide; without a plan the medium is let go again. */
async function planFrom(
  world: InstallWorld,
  directory: string,
  plan: (checked: CheckedMedium) => Promise<InstallPlan>,
): Promise<InstallPlan> {
  const checked = await checkMedium({ ...world, directory });
  try {
    return await plan(checked);
  } catch (error) {
    void checked.source.close().catch(() => undefined);
    throw error;
  }
}

/** All disks, and which of them the medium is on. */
async function disksAndMedium(system: System, medium: string) {
  return { disks: await gatherDisks(system), own: await mediumDisk(system, medium) };
}

/**
 * Carries a plan out.
 *
 * @throws MicroLinuxError of the step that failed. The disk does not boot then, and error-commands
 *   were run unless they are not wanted.
 */
export async function carryOut(
  world: InstallWorld,
  plan: InstallPlan,
  commands: boolean,
): Promise<void> {
  const { checked, seed, steps, log } = plan;
  const begun: InstallStep[] = [];
  const done = new Set<InstallStep['kind']>();
  const progress = log.follow(world.progress);
  try {
    await runSteps({ ...world, ...checked, seed, log, progress }, steps, {
      onBegin: (step) => begun.push(step),
      onDone: ({ kind }) => done.add(kind),
    });
  } catch (error) {
    log.add(String(error));
    await undoBootable({ ...world, progress, log }, begun);
    if (commands && seed) {
      // What they say matters less than why they were run.
      await runCommands(world.system, 'error-commands', seed.errorCommands, log.add).catch(
        (second: unknown) => log.add(String(second)),
      );
    }
    await keepLog(world.system, plan, done).catch(() => undefined);
    throw error;
  } finally {
    void checked.source.close().catch(() => undefined);
  }
}

/** Of an installation that failed, if there is a data partition of ours by then. */
async function keepLog(
  system: System,
  { steps, log }: InstallPlan,
  done: ReadonlySet<InstallStep['kind']>,
): Promise<void> {
  const step = steps.find(({ kind }) => kind === 'keep-log');
  const ours = done.has('format-data') || steps.some(({ kind }) => kind === 'renew-data');
  if (step?.kind === 'keep-log' && ours) {
    await withMountedData(system, step.data, 'rw', (root) => log.keep(root));
  }
}

async function readSeed(path: string): Promise<InstallSeed> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new MicroLinuxError({
      code: 'seed-missing',
      message: `the seed ${path} cannot be read`,
      why: cause instanceof Error ? cause.message : String(cause),
      hint: 'name it with --seed',
      exitCode: ExitCode.usage,
      cause,
    });
  }
  return readInstallSeed(text, path);
}

const dataOf = (disk: Disk) => partitionPath(disk.path, partitionSpec('data').number);

/** The one disk that has partitions of ours, all of them. */
function onlyOurs(disks: readonly Disk[], medium: string | undefined): Disk {
  const ours = disks.filter(
    ({ path, partitions }) =>
      path !== medium &&
      PARTITIONS.every(({ name }) => partitions.some((one) => one.name === name)),
  );
  const [only] = ours;
  if (!only || ours.length > 1) {
    throw new MicroLinuxError({
      code: only ? 'install-disk-ambiguous' : 'install-no-disk',
      message: only
        ? 'several disks have partitions of micro-linux'
        : 'no disk has the partitions of micro-linux',
      why: (only ? ours : disks).map(describeDisk).join('\n') || 'this machine shows no disk',
      hint: 'name the disk with --disk',
      exitCode: ExitCode.failed,
    });
  }
  return diskOf(disks, only.path, medium);
}
