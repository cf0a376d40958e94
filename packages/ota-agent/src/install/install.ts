import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ExitCode, MicroLinuxError, PARTITIONS, partitionSpec } from '@micro-linux/core';
import { type InstallSeed, readInstallSeed } from '@micro-linux/provision';
import type { TrustPolicy } from '@micro-linux/update-image';
import type { Progress } from '../progress/progress.ts';
import type { System } from '../system/system.ts';
import {
  type CheckedMedium,
  type CheckMediumOptions,
  checkMedium,
  openMedium,
  type SignedMedium,
} from './check-medium.ts';
import { runCommands } from './commands/run-commands.ts';
import { chooseDisk, diskOf } from './disks/choose-disk.ts';
import { type Disk, describeDisk } from './disks/disk.ts';
import { gatherDisks, mediumDisk } from './disks/gather-disks.ts';
import { InstallLog } from './install-log.ts';
import { mediumFile, readMediumFile } from './medium/medium.ts';
import { partitionPath, planInstall, planRescue } from './plan/plan-install.ts';
import type { InstallStep } from './plan/steps.ts';
import { refuseBelowFloor } from './refuse-below-floor.ts';
import { runSteps, undoBootable } from './run-steps.ts';
import { withMountedData } from './write/data-partition.ts';

/** Options of an installation. */
export interface InstallOptions {
  /** Where the medium is mounted. */
  readonly medium: string;
  /** Path of a seed to use instead of the medium's signed one. */
  readonly seed: string | undefined;
  /** Device to use instead of the seed's rules. */
  readonly disk: string | undefined;
  /** Whether the seed's commands are run. */
  readonly commands: boolean;
}

/** Options of a rescue. */
export interface RescueOptions {
  readonly medium: string;
  /** Undefined: the only disk with partitions of micro-linux. */
  readonly disk: string | undefined;
  /** Whether slot A is rewritten as well as the ESP. */
  readonly slot: boolean;
}

export interface InstallWorld {
  readonly system: System;
  readonly trust: TrustPolicy;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Milliseconds without progress after which a step fails. */
  readonly stallMs: number;
}

/** The facts and the plan; nothing has been written. */
export interface InstallPlan {
  readonly checked: CheckedMedium;
  readonly disk: Disk;
  readonly seed: InstallSeed | undefined;
  readonly steps: readonly InstallStep[];
  readonly log: InstallLog;
}

/**
 * Reads seed and medium, chooses the disk and makes the plan. Writes nothing, but runs the
 * early-commands by default, as they may load a driver for the disk.
 *
 * @throws MicroLinuxError if the installation is not possible.
 */
export async function prepareInstall(
  world: InstallWorld,
  options: InstallOptions,
): Promise<InstallPlan> {
  const { system } = world;
  const log = new InstallLog(() => system.now());
  const progress = log.follow(world.progress);
  const check = { ...world, progress, directory: options.medium };
  const opened = await openMedium(check);
  const seed = await readSeed(options.seed, opened);
  if (options.seed !== undefined) {
    log.add(`the seed is ${options.seed}, which the signature of the medium does not cover`);
  }
  return planFrom(opened, check, async (checked) => {
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
      firmware: firmwareOf(system),
      seed,
      commands: options.commands,
    });
    if (seed.disk.preserveData) {
      await refuseBelowFloor(world, dataOf(disk), head);
    }
    return { checked, disk, seed, steps, log };
  });
}

/** As {@link prepareInstall}, for a disk that already has partitions of micro-linux. */
export async function prepareRescue(
  world: InstallWorld,
  options: RescueOptions,
): Promise<InstallPlan> {
  const { system } = world;
  const log = new InstallLog(() => system.now());
  const check = { ...world, directory: options.medium };
  return planFrom(await openMedium(check), check, async (checked) => {
    const { disks, own } = await disksAndMedium(system, options.medium);
    const disk =
      options.disk === undefined ? onlyOurs(disks, own) : diskOf(disks, options.disk, own);
    const { head, manifest } = checked.medium;
    const imageBytes = head.manifest.image.bytes;
    const firmware = firmwareOf(system);
    const steps = planRescue({ manifest, imageBytes, disk, firmware, slot: options.slot });
    if (options.slot) {
      await refuseBelowFloor(world, dataOf(disk), head);
    }
    return { checked, disk, seed: undefined, steps, log };
  });
}

/** Checks the medium and calls `plan`; closes the medium if that fails. */
async function planFrom(
  opened: SignedMedium,
  check: CheckMediumOptions,
  plan: (checked: CheckedMedium) => Promise<InstallPlan>,
): Promise<InstallPlan> {
  const checked = await checkMedium(opened, check);
  try {
    return await plan(checked);
  } catch (error) {
    void checked.source.close().catch(() => undefined);
    throw error;
  }
}

function firmwareOf({ paths }: System): 'bios' | 'uefi' {
  return existsSync(paths.efi) ? 'uefi' : 'bios';
}

/** All disks, and which of them the medium is on. */
async function disksAndMedium(system: System, medium: string) {
  return { disks: await gatherDisks(system), own: await mediumDisk(system, medium) };
}

/**
 * Executes a plan.
 *
 * @throws MicroLinuxError of the step that failed. The disk does not boot then, and the
 *   error-commands were run unless disabled.
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
      // Their output matters less than the original error.
      await runCommands(world.system, 'error-commands', seed.errorCommands, log.add).catch(
        (second: unknown) => log.add(String(second)),
      );
    }
    await saveLog(world.system, plan, done).catch(() => undefined);
    throw error;
  } finally {
    void checked.source.close().catch(() => undefined);
  }
}

/** Saves the log of a failed installation, if there is a data partition already. */
async function saveLog(
  system: System,
  { steps, log }: InstallPlan,
  done: ReadonlySet<InstallStep['kind']>,
): Promise<void> {
  const step = steps.find(({ kind }) => kind === 'keep-log');
  const ours = done.has('format-data') || steps.some(({ kind }) => kind === 'renew-data');
  if (step?.kind === 'keep-log' && ours) {
    await withMountedData(system, step.data, 'rw', (root) => log.save(root));
  }
}

/**
 * The medium's own seed must be the signed one. A seed that the user names is accepted as it is:
 * whoever can run this program as root can do anything.
 */
async function readSeed(path: string | undefined, medium: SignedMedium): Promise<InstallSeed> {
  if (path === undefined) {
    const text = (await readMediumFile(medium, 'seed')).toString('utf8');
    return readInstallSeed(text, mediumFile(medium, 'seed'));
  }
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

/** The one disk with all partitions of micro-linux. */
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
      why:
        (only ? ours : disks).map(describeDisk).join('\n') || 'no disk of this machine can be seen',
      hint: 'name the disk with --disk',
      exitCode: ExitCode.failed,
    });
  }
  return diskOf(disks, only.path, medium);
}
