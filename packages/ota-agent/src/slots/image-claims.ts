import { MicroLinuxError, type Slot } from '@micro-linux/core';
import { loadConfigAtBoot } from '../config/load-config.ts';
import { stageRollbackIndex } from '../state/rollback-index.ts';
import { readSlotHead } from '../state/slot-heads.ts';
import { asksNothing, stageTrustFloor, type TrustFloor } from '../state/trust-floor.ts';
import type { System } from '../system/system.ts';
import { revokedKeysIn } from '../trust/load-trust.ts';
import { readImageInfo } from './image-info.ts';

/**
 * Requirements for all future updates in the running image's own files. The administrator's files
 * are excluded: they are on the data partition anyway, and may be changed back.
 *
 * @throws MicroLinuxError `revoked-keys-invalid`, `keys-unreadable`.
 */
function claimsOf(system: System): TrustFloor {
  const image = system.paths.config.slice(-1);
  return {
    threshold: loadConfigAtBoot(image).config.signatures.threshold,
    revoked: image.flatMap(revokedKeysIn),
  };
}

/**
 * Writes the rollback index of the running image, its revoked keys and its number of signatures to
 * the disk. The returned function activates them. Call it after the confirmation: an active index
 * without a confirmed slot would lock out the system that runs after a power cut. Undefined if
 * nothing changes.
 *
 * @throws MicroLinuxError `state-unreadable`, `state-unwritable`, `revoked-keys-invalid`,
 *   `keys-unreadable`.
 */
export function stageClaims(system: System, index: number): (() => void) | undefined {
  const { state } = system.paths;
  const asked = claimsOf(system);
  const parts = [
    unlessNothing(asksNothing(asked), () => stageTrustFloor(state, asked)),
    unlessNothing(index === 0, () => stageRollbackIndex(state, index)),
  ].filter((part) => part !== undefined);
  return parts.length === 0
    ? undefined
    : () => {
        for (const part of parts) {
          part();
        }
      };
}

/** A claim without restrictions still repairs a damaged file, but its failure is ignored. */
function unlessNothing(
  nothing: boolean,
  stage: () => (() => void) | undefined,
): (() => void) | undefined {
  try {
    return stage();
  } catch (error) {
    if (nothing) {
      return undefined;
    }
    throw error;
  }
}

/** As {@link stageClaims}, for a slot that must not be confirmed if its claims cannot be saved. */
export function stageClaimsOrRefuse(
  system: System,
  slot: Slot,
  index: number,
): (() => void) | undefined {
  try {
    return stageClaims(system, index);
  } catch (error) {
    if (!(error instanceof MicroLinuxError)) {
      throw error;
    }
    throw new MicroLinuxError({
      code: error.code,
      message: `slot ${slot} is not confirmed: what its image requires of later updates cannot be saved`,
      why: [error.message, error.why].filter((text) => text !== undefined).join(': '),
      hint: error.hint,
      details: { slot, rollbackIndex: index },
      cause: error,
    });
  }
}

/** The values in the signed manifest of the running image; without one, those in its image.json. */
export function runningIndex(system: System, slot: Slot): number {
  const image = readImageInfo(system.paths.imageInfo);
  const manifest = headOrNothing(system, slot)?.manifest;
  const described = image.buildId === undefined || image.buildId === manifest?.buildId;
  return manifest !== undefined && described ? manifest.rollbackIndex : image.rollbackIndex;
}

/**
 * Whether the slot that does not run is below the index, by the signed manifest of its installed
 * image; undefined if that is unknown.
 */
export function isOlderSlot(system: System, slot: Slot, least: number): boolean | undefined {
  const manifest = headOrNothing(system, slot)?.manifest;
  return manifest && manifest.rollbackIndex < least;
}

function headOrNothing(system: System, slot: Slot) {
  try {
    return readSlotHead(system.paths.state, slot);
  } catch {
    return undefined;
  }
}
