import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { MIB, type Slot } from '@micro-linux/core';
import { decodeHead, encodeHead, type UpdateHead } from '@micro-linux/update-image';
import { readStateBytes, removeStateFile, writeStateFile } from './state-file.ts';

/**
 * The head of a slot's image: manifest and signatures, unchanged. Undefined if unknown: the slot
 * was never installed, is being written, or the record is damaged.
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

/** Call it only after the slot was read back and matches the head. @throws `state-unwritable`. */
export function writeSlotHead(directory: string, slot: Slot, head: UpdateHead): void {
  writeStateFile(headPath(directory, slot), encodeHead(head));
}

/** Call it before the slot's first byte changes. @throws MicroLinuxError `state-unwritable`. */
export function removeSlotHead(directory: string, slot: Slot): void {
  removeStateFile(headPath(directory, slot));
}

/** SHA-256 of the manifest's bytes, in hex, which identifies an image in rejections and trials. */
export function manifestDigest(head: UpdateHead): string {
  return createHash('sha256').update(head.manifestBytes).digest('hex');
}

/** More than the maximum of manifest (16 MiB) and signatures: docs/reference/update-format.md. */
const HEAD_BYTES = 32 * MIB;

const headPath = (directory: string, slot: Slot) => join(directory, 'slots', `${slot}.head`);
