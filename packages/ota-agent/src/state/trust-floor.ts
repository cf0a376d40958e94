import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import { KEY_ID_PATTERN } from '@micro-linux/update-image';
import * as z from 'zod';
import { readStateFile, stageStateFile } from './state-file.ts';

/**
 * Requirements for every update from images that were healthy here, stored outside of the slots:
 * after a rollback, an older image must not trust a key that a newer one revoked, or require fewer
 * signatures.
 */
export interface TrustFloor {
  /** Number of trusted keys that must have signed. */
  readonly threshold: number;
  /** Ids of keys that never count again. */
  readonly revoked: readonly string[];
}

/** The floor of a device on which nothing was confirmed yet. */
export const NO_FLOOR: TrustFloor = { threshold: 1, revoked: [] };

const schema = z.object({
  schema: z.literal(1),
  threshold: z.int().min(1).max(16),
  revoked: z.array(z.string().regex(KEY_ID_PATTERN)),
});

/**
 * @throws MicroLinuxError `state-unreadable`; `state-damaged` when the file is invalid: ignoring it
 *   would trust revoked keys again.
 */
export function readTrustFloor(directory: string): TrustFloor {
  const path = floorPath(directory);
  const text = readStateFile(path);
  if (text === undefined) {
    return NO_FLOOR;
  }
  const floor = parse(text);
  if (floor === undefined) {
    throw new MicroLinuxError({
      code: 'state-damaged',
      message: `${path} is damaged or cannot be read`,
      why: 'it contains the revoked keys and the number of signatures that updates need',
      hint: 'ota-agent mark-boot writes those of the running image into it',
    });
  }
  return floor;
}

/**
 * Writes a higher floor to the disk without activating it: never a lower threshold or fewer revoked
 * keys. A damaged file is rewritten. The returned function activates it; undefined if nothing
 * rises.
 *
 * @throws MicroLinuxError `state-unreadable`, `state-unwritable`; the second half only the latter.
 */
export function stageTrustFloor(directory: string, asked: TrustFloor): (() => void) | undefined {
  const path = floorPath(directory);
  const text = readStateFile(path);
  const known = text === undefined ? NO_FLOOR : parse(text);
  const { threshold, revoked } = higherFloor(known ?? NO_FLOOR, asked);
  if (known?.threshold === threshold && known.revoked.length === revoked.length) {
    return undefined;
  }
  return stageStateFile(path, `${JSON.stringify({ schema: 1, threshold, revoked })}\n`);
}

/** Whether a floor restricts nothing. */
export function asksNothing({ threshold, revoked }: TrustFloor): boolean {
  return threshold <= 1 && revoked.length === 0;
}

/** The lowest floor that satisfies both. */
export function higherFloor(one: TrustFloor, other: TrustFloor): TrustFloor {
  return {
    threshold: Math.max(one.threshold, other.threshold),
    revoked: [...new Set([...one.revoked, ...other.revoked])].sort(),
  };
}

function parse(text: string): TrustFloor | undefined {
  try {
    const { data } = schema.safeParse(JSON.parse(text));
    return data && { threshold: data.threshold, revoked: data.revoked };
  } catch {
    return undefined;
  }
}

const floorPath = (directory: string) => join(directory, 'trust-floor.json');
