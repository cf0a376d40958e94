import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import { KEY_ID_PATTERN } from '@micro-linux/update-image';
import * as z from 'zod';
import { readStateFile, stageStateFile } from './state-file.ts';

/**
 * What images that were healthy here asked of every update, kept outside of the slots: an older
 * image that runs again must not trust a key that a newer one revoked, or ask for fewer signatures.
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
 * @throws MicroLinuxError `state-unreadable`; `state-damaged` when the file makes no sense: taking it
 *   for none would trust revoked keys again.
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
      why: 'it holds the revoked keys and the number of signatures that updates need',
      hint: 'ota-agent mark-boot writes those of the running image into it',
    });
  }
  return floor;
}

/**
 * Puts a higher floor on the disk, without counting yet: never a lower threshold, never a key less.
 * A damaged file is rewritten. What is returned makes it count; undefined when nothing rises.
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

/** What satisfies both. */
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
