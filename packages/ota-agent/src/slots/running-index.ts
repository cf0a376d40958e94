import { MicroLinuxError, type Slot } from '@micro-linux/core';
import { stageRollbackIndex } from '../state/rollback-index.ts';
import { readSlotHead } from '../state/slot-heads.ts';
import type { System } from '../system/system.ts';
import { readImageInfo } from './image-info.ts';

/**
 * Brings the rollback index of a slot that is about to be confirmed onto the disk. What is returned
 * makes it count, and comes after the confirmation: an index that counts without a confirmed slot
 * would lock out the system that a power cut leads back to. Undefined when this device knows that
 * index, or a higher one, already.
 *
 * @throws MicroLinuxError `state-unreadable`, `state-unwritable`: it must not be confirmed.
 */
export function stageIndexOrRefuse(
  system: System,
  slot: Slot,
  index: number,
): (() => void) | undefined {
  try {
    return stageRollbackIndex(system.paths.state, index);
  } catch (error) {
    if (!(error instanceof MicroLinuxError)) {
      throw error;
    }
    throw new MicroLinuxError({
      code: error.code,
      message: `slot ${slot} is not confirmed: its rollback index ${index} cannot be kept`,
      why: [error.message, error.why].filter((text) => text !== undefined).join(': '),
      hint: error.hint,
      details: { slot, rollbackIndex: index },
      cause: error,
    });
  }
}

/** What the signed manifest of the running image says; of another image, or none, its own word. */
export function runningIndex(system: System, slot: Slot): number {
  const image = readImageInfo(system.paths.imageInfo);
  const manifest = headOrNothing(system, slot)?.manifest;
  return manifest !== undefined && manifest.buildId === image.buildId
    ? manifest.rollbackIndex
    : image.rollbackIndex;
}

function headOrNothing(system: System, slot: Slot) {
  try {
    return readSlotHead(system.paths.state, slot);
  } catch {
    return undefined;
  }
}
