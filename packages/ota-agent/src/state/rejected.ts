import { join } from 'node:path';
import type { Slot } from '@micro-linux/core';
import * as z from 'zod';
import { writeStateFile } from './state-file.ts';
import { readStateRecord, slotSchema, timeSchema } from './state-record.ts';

/** An image that was rolled back or condemned: not applied again without --retry. */
export interface Rejection {
  /** SHA-256 of the manifest's bytes. */
  readonly manifestSha256: string;
  readonly version: string;
  readonly slot: Slot;
  readonly failedAt: string;
  /** For people; may have several lines. */
  readonly reason: string;
}

/** The oldest are removed first. */
const MAXIMUM = 16;

const rejectedSchema = z.object({
  schema: z.literal(1),
  rejected: z.array(
    z.object({
      manifestSha256: z.string(),
      version: z.string(),
      slot: slotSchema,
      failedAt: timeSchema,
      reason: z.string(),
    }),
  ),
});

/** Oldest first. @throws MicroLinuxError `state-unreadable`. */
export function readRejections(directory: string): readonly Rejection[] {
  return readStateRecord(rejectedPath(directory), rejectedSchema)?.rejected ?? [];
}

/** Adds one; replaces an earlier one of the same image. @throws `state-unwritable`. */
export function addRejection(directory: string, rejection: Rejection): void {
  const others = without(directory, rejection.manifestSha256);
  write(directory, [...others, rejection].slice(-MAXIMUM));
}

/** Removes one: the user retries the image. @throws `state-unwritable`. */
export function clearRejection(directory: string, manifestSha256: string): void {
  const others = without(directory, manifestSha256);
  if (others.length < readRejections(directory).length) {
    write(directory, others);
  }
}

function without(directory: string, manifestSha256: string): readonly Rejection[] {
  return readRejections(directory).filter((known) => known.manifestSha256 !== manifestSha256);
}

function write(directory: string, rejected: readonly Rejection[]): void {
  writeStateFile(rejectedPath(directory), `${JSON.stringify({ schema: 1, rejected }, null, 2)}\n`);
}

const rejectedPath = (directory: string) => join(directory, 'rejected.json');
