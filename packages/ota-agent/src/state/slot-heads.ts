import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { MIB, type Slot } from '@micro-linux/core';
import { decodeHead, encodeHead, type UpdateHead } from '@micro-linux/update-image';
import { readStateBytes, removeStateFile, writeStateFile } from './state-file.ts';

/**
 * What a slot holds: manifest and signatures as they came. Undefined when nothing is known: it was
 * never installed, is being written, or what was noted is damaged.
 *
 * @throws MicroLinuxError `state-unreadable`.
 */
export function readSlotHead(directory: string, slot: Slot): UpdateHead | undefined {
  const bytes = readStateBytes(headPath(directory, slot), HEAD_BYTES);
  try {
    return bytes && decodeHead(bytes);
  } catch {
    return undefined;
  }
}

/** Only once the slot was read back and is what the head says. @throws `state-unwritable`. */
export function writeSlotHead(directory: string, slot: Slot, head: UpdateHead): void {
  writeStateFile(headPath(directory, slot), encodeHead(head));
}

/** Before the slot's first byte changes. @throws MicroLinuxError `state-unwritable`. */
export function removeSlotHead(directory: string, slot: Slot): void {
  removeStateFile(headPath(directory, slot));
}

/** SHA-256 of the manifest's bytes, in hex: what an image is called in rejections and trials. */
export function manifestDigest(head: UpdateHead): string {
  return createHash('sha256').update(head.manifestBytes).digest('hex');
}

/** More than the manifest (16 MiB) and the signatures may have: docs/reference/update-format.md. */
const HEAD_BYTES = 32 * MIB;

const headPath = (directory: string, slot: Slot) => join(directory, 'slots', `${slot}.head`);
