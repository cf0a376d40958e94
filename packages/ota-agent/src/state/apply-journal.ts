import { join } from 'node:path';
import type { Slot } from '@micro-linux/core';
import * as z from 'zod';
import { removeStateFile, writeStateFile } from './state-file.ts';
import { readStateRecord, slotSchema } from './state-record.ts';

/** Progress of an apply that has not finished. */
export interface ApplyJournal {
  readonly schema: 1;
  readonly slot: Slot;
  /** SHA-256 of the manifest's bytes, which identifies the image. */
  readonly manifestSha256: string;
  readonly version: string;
  /**
   * Number of chunks, from the first, that had been written and synced. This is a claim, not a
   * proof: a resumed run reads and hashes them again. It never includes the first 4 KiB of the
   * slot.
   */
  readonly chunks: number;
}

const journalSchema = z.object({
  schema: z.literal(1),
  slot: slotSchema,
  manifestSha256: z.string(),
  version: z.string(),
  chunks: z.int().min(0),
});

/** Undefined when no apply is under way, or its journal is damaged. @throws `state-unreadable`. */
export function readApplyJournal(directory: string): ApplyJournal | undefined {
  return readStateRecord(journalPath(directory), journalSchema);
}

/** @throws MicroLinuxError `state-unwritable`. */
export function writeApplyJournal(directory: string, journal: ApplyJournal): void {
  writeStateFile(journalPath(directory), `${JSON.stringify(journal)}\n`);
}

/** Removes the journal when the apply has ended. @throws MicroLinuxError `state-unwritable`. */
export function removeApplyJournal(directory: string): void {
  removeStateFile(journalPath(directory));
}

const journalPath = (directory: string) => join(directory, 'apply.json');
