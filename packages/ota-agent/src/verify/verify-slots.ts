import { MicroLinuxError, SLOTS, type Slot } from '@micro-linux/core';
import { type TrustPolicy, type UpdateHead, verifyHead } from '@micro-linux/update-image';
import type { Progress } from '../progress/progress.ts';
import { withStallGuard } from '../progress/stall-guard.ts';
import { openDeviceReader } from '../raw-device/device-reader.ts';
import { firstDifference } from '../slot-image/first-difference.ts';
import { bootedSlot } from '../slots/booted-slot.ts';
import { readSlotHead } from '../state/slot-heads.ts';
import type { System } from '../system/system.ts';

/** Result for a slot. */
export type Verdict =
  /** Byte for byte the image whose manifest is signed by trusted keys. */
  | 'good'
  /** Differs from the image that was installed. */
  | 'differs'
  /** The image that was installed, but its signatures are no longer valid on this device. */
  | 'untrusted'
  /** The installed image is unknown. */
  | 'unknown';

export interface SlotVerdict {
  readonly name: Slot;
  readonly running: boolean;
  readonly verdict: Verdict;
  readonly version: string | null;
  readonly buildId: string | null;
  readonly signedBy: readonly string[];
  /** The first chunk that differs, and where it begins in the slot, in bytes. */
  readonly chunk: number | null;
  readonly offset: number | null;
  /** One line; empty when there is no problem. */
  readonly problem: string;
}

/** Input of a verification. */
export interface VerifyWorld {
  readonly system: System;
  readonly trust: TrustPolicy;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly stallMs: number;
}

/**
 * Reads slots whole, past the page cache, and compares them with the signed manifests they were
 * installed from.
 *
 * @param only one slot, or both.
 * @throws MicroLinuxError `slot-unopenable`, `slot-read-failed`, `stage-timeout`, `cancelled`.
 */
export async function verifySlots(
  world: VerifyWorld,
  only: Slot | undefined,
): Promise<readonly SlotVerdict[]> {
  const { slot: running } = bootedSlot(world.system);
  const verdicts: SlotVerdict[] = [];
  for (const name of only === undefined ? SLOTS : [only]) {
    verdicts.push(await verifySlot(name, name === running, world));
  }
  return verdicts;
}

async function verifySlot(name: Slot, running: boolean, world: VerifyWorld): Promise<SlotVerdict> {
  const head = readSlotHead(world.system.paths.state, name);
  const verdict = {
    name,
    running,
    version: head?.manifest.version ?? null,
    buildId: head?.manifest.buildId ?? null,
    signedBy: [],
    chunk: null,
    offset: null,
  };
  if (!head) {
    return {
      ...verdict,
      verdict: 'unknown',
      problem: 'nothing was installed there, or the record of it is lost',
    };
  }
  const difference = await differenceOf(name, head, world);
  if (difference) {
    const { index: chunk, offset } = difference;
    const problem = `chunk ${chunk}, at byte ${offset}, is not what was installed`;
    return { ...verdict, verdict: 'differs', chunk, offset, problem };
  }
  try {
    return { ...verdict, verdict: 'good', signedBy: verifyHead(head, world.trust), problem: '' };
  } catch (error) {
    if (error instanceof MicroLinuxError) {
      return { ...verdict, verdict: 'untrusted', problem: error.message };
    }
    throw error;
  }
}

/** The first chunk of a slot that differs from its head. */
export async function differenceOf(
  slot: Slot,
  head: UpdateHead,
  { system, progress, signal, stallMs }: Omit<VerifyWorld, 'trust'>,
): ReturnType<typeof firstDifference> {
  const path = system.slotDevice(slot);
  const line = progress.step(`verify-${slot.toLowerCase()}`, `read and hash slot ${slot}`);
  try {
    const reader = await openDeviceReader(path, system.run);
    try {
      const difference = await withStallGuard(
        { stage: `reading slot ${slot}`, stallMs, signal },
        (guard) => firstDifference(reader, path, head, guard, line.advance),
      );
      line.done(difference === undefined ? undefined : `chunk ${difference.index} differs`);
      return difference;
    } finally {
      void reader.close().catch(() => undefined);
    }
  } catch (error) {
    line.failed();
    throw error;
  }
}
