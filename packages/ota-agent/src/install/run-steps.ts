import { BOOT_CODE_BYTES, type InstallSeed } from '@micro-linux/provision';
import type { UpdateSource } from '@micro-linux/update-image';
import type { Progress } from '../progress/progress.ts';
import { type Guarded, throwIfCancelled, withStallGuard } from '../progress/stall-guard.ts';
import { openDevice } from '../raw-device/open-device.ts';
import type { RawDevice } from '../raw-device/raw-device.ts';
import { expose, wipe } from '../slot-image/read-back.ts';
import { writeChunks } from '../slot-image/write-chunks.ts';
import type { System } from '../system/system.ts';
import { addBootEntry } from './boot-entry/add-boot-entry.ts';
import { runCommands } from './commands/run-commands.ts';
import { withTarget } from './commands/target.ts';
import type { InstallLog } from './install-log.ts';
import { takeDown } from './layers/take-down.ts';
import { type Medium, mediumFile, readMediumFile } from './medium/medium.ts';
import {
  type ByteRange,
  describeInstallStep,
  type InstallStep,
  type InstallStepKind,
} from './plan/steps.ts';
import { fillData, formatData, renewData, withMountedData } from './write/data-partition.ts';
import { awaitPartitions, partitionDisk } from './write/partition-disk.ts';
import { writeImage } from './write/write-image.ts';
import { writeStart, zero } from './write/write-whole.ts';

/**
 * Boot code of an incomplete disk. A BIOS starts any disk with the signature of a partition table,
 * and would hang in zeros; `int 0x18` makes it try the next device. If that returns, the code
 * halts: `hlt`, and `jmp` back to it.
 */
const PASS_ON_CODE: Uint8Array = Buffer.concat(
  [Buffer.from([0xcd, 0x18, 0xf4, 0xeb, 0xfd])],
  BOOT_CODE_BYTES,
);

/** Input of the steps. */
export interface StepContext {
  readonly system: System;
  readonly medium: Medium;
  readonly source: UpdateSource;
  readonly progress: Progress;
  readonly log: InstallLog;
  readonly signal: AbortSignal;
  /** Milliseconds without progress of a disk after which a step fails. */
  readonly stallMs: number;
  /** Undefined in a rescue, whose plan does not need it. */
  readonly seed: InstallSeed | undefined;
}

/** Called with each step when it begins and when it is done. */
export interface StepWatcher {
  readonly onBegin?: (step: InstallStep) => void;
  readonly onDone?: (step: InstallStep) => void;
}

/** Runs a plan; stops at the first step that fails. */
export async function runSteps(
  context: StepContext,
  steps: readonly InstallStep[],
  { onBegin, onDone }: StepWatcher = {},
): Promise<void> {
  for (const step of steps) {
    throwIfCancelled(context.signal);
    onBegin?.(step);
    const line = context.progress.step(step.kind, describeInstallStep(step));
    try {
      await runStep(context, step, line.advance);
    } catch (error) {
      line.failed();
      throw error;
    }
    line.done();
    onDone?.(step);
  }
}

type OnDeviceContext = Pick<StepContext, 'system' | 'signal' | 'stallMs'>;

type Advance = (doneBytes: number, totalBytes: number) => void;

function runStep(context: StepContext, step: InstallStep, advance: Advance): Promise<void> {
  // The table below has a runner for each kind of step.
  const runner = runners[step.kind] as (
    context: StepContext,
    step: InstallStep,
    advance: Advance,
  ) => Promise<void>;
  return runner(context, step, advance);
}

const runners: {
  readonly [Kind in InstallStepKind]: (
    context: StepContext,
    step: Extract<InstallStep, { kind: Kind }>,
    advance: Advance,
  ) => Promise<void>;
} = {
  'take-down': ({ system }, { steps }) => takeDown(system, steps),

  unbootable: (context, step) => makeUnbootable(context, step),

  table: ({ system }, step) => partitionDisk(system, step),

  'write-slot': (context, { path }, advance) =>
    onDevice(context, path, (device, guard) => writeSlot(context, device, guard, advance)),

  'blank-slot': (context, { path }) => onDevice(context, path, (device) => wipe(device)),

  'format-data': ({ system }, { path }) => formatData(system, path),

  async 'fill-data'({ system, medium, seed }, { path, slotA }) {
    if (!seed) {
      throw new RangeError('there is no identity without a seed');
    }
    await fillData(system, { path, slotA, identity: seed.identity, head: medium.head });
  },

  'renew-data': ({ system, medium }, { path, slotsEmpty }) =>
    renewData(system, path, medium.head, slotsEmpty),

  'write-esp': (context, { path, image }, advance) =>
    onDevice(context, path, (device, guard) => {
      const { imageBytes, imageSha256 } = context.medium.manifest.files[image];
      return writeImage({
        source: mediumFile(context.medium, image),
        device,
        bytes: imageBytes,
        sha256: imageSha256,
        guard,
        advance,
      });
    }),

  'write-core': (context, { path }) =>
    onDevice(context, path, async (device) =>
      writeStart(device, await readMediumFile(context.medium, 'core')),
    ),

  async 'write-boot-code'(context, { disk, partitions }) {
    await onDevice(context, disk, async (device) =>
      writeStart(device, await readMediumFile(context.medium, 'bootCode')),
    );
    // The disk was open for writing, so udev recreates its partitions.
    await awaitPartitions(context.system, disk, partitions);
  },

  async 'boot-entry'({ system, log }, step) {
    log.add(await addBootEntry(system, step));
  },

  'late-commands': ({ system, log }, step) =>
    withTarget(system, step, () => runCommands(system, 'late-commands', step.commands, log.add)),

  'keep-log': ({ system, log }, { data }) =>
    withMountedData(system, data, 'rw', (root) => log.save(root)),
};

/** Overwrites what firmware would start, or other programs would recognize. */
async function makeUnbootable(
  context: OnDeviceContext,
  { disk, ranges }: { readonly disk: string; readonly ranges: readonly ByteRange[] },
): Promise<void> {
  await onDevice(context, disk, async (device) => {
    await zero(device, ranges);
    await writeStart(device, PASS_ON_CODE);
  });
}

/**
 * After a failure the disk may be bootable although it is incomplete. Ctrl-C does not stop this,
 * and the first error is the one that is reported.
 *
 * @param begun the steps that were started; does nothing unless one of them wrote to the disk.
 */
export async function undoBootable(
  context: Pick<StepContext, 'system' | 'progress' | 'stallMs' | 'log'>,
  begun: readonly InstallStep[],
): Promise<void> {
  const step = begun.find(({ kind }) => kind === 'unbootable');
  if (step?.kind !== 'unbootable') {
    return;
  }
  const line = context.progress.step('unbootable', `make ${step.disk} unbootable: it is not whole`);
  try {
    const { signal } = new AbortController();
    await makeUnbootable({ ...context, signal }, { disk: step.disk, ranges: step.bootRanges });
    line.done();
  } catch (error) {
    line.failed();
    context.log.add(String(error));
  }
}

/** Like an apply: all but the first page, read back and compared, then the first page. */
async function writeSlot(
  { source, medium: { head } }: StepContext,
  device: RawDevice,
  guard: Guarded,
  advance: Advance,
): Promise<void> {
  await wipe(device);
  const written = await writeChunks({
    source,
    head,
    slot: device,
    claimed: 0,
    note: () => undefined,
    guard,
    onProgress: advance,
  });
  await expose(device, written.firstPage);
}

/** Opens a device exclusively for one step; a disk that does not respond ends the step. */
function onDevice(
  { system, signal, stallMs }: OnDeviceContext,
  path: string,
  action: (device: RawDevice, guard: Guarded) => Promise<void>,
): Promise<void> {
  return withStallGuard({ stage: `writing ${path}`, stallMs, signal }, async (guard) => {
    const device = await openDevice(path, { run: system.run, sysBlock: system.paths.sysBlock });
    try {
      await action(device, guard);
    } finally {
      await device.close();
    }
  });
}
