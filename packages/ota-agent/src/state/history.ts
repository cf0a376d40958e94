import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { MIB, type Slot } from '@micro-linux/core';
import * as z from 'zod';
import { readStateFile, writeStateFile } from './state-file.ts';
import { slotSchema, timeSchema } from './state-record.ts';

export const HISTORY_EVENTS = [
  /** An update was written, read back and armed. */
  'installed',
  /** A slot was marked healthy for the first time after its installation or a rollback. */
  'confirmed',
  /** A trial was rolled back. */
  'rolled-back',
  /** An update was refused. */
  'rejected',
  /** Somebody requested a rollback to the other slot. */
  'rollback',
  /** Somebody condemned the running slot. */
  'condemned',
  /** An apply did not finish. */
  'interrupted',
] as const;
export type HistoryKind = (typeof HISTORY_EVENTS)[number];

/** One event; every detail is flat. */
export interface HistoryEvent {
  readonly event: HistoryKind;
  /** ISO 8601, by the device's clock. */
  readonly at: string;
  /** The slot it is about. */
  readonly slot: Slot;
  /** The version in that slot; null when it is not known. */
  readonly version: string | null;
  readonly [detail: string]: string | number | boolean | null;
}

export interface History {
  /** Oldest first. */
  readonly entries: readonly HistoryEvent[];
  /** False if a line was changed or removed, or cannot be read. */
  readonly intact: boolean;
}

const eventSchema = z
  .object({
    event: z.enum(HISTORY_EVENTS),
    at: timeSchema,
    slot: slotSchema,
    version: z.string().nullable(),
  })
  .catchall(z.union([z.string(), z.number(), z.boolean(), z.null()]));

const lineSchema = z.object({
  /** SHA-256 of the previous line, without its line end; 64 zeros for the very first line. */
  previous: z.string().regex(/^[0-9a-f]{64}$/),
  entry: eventSchema,
});

const FIRST = '0'.repeat(64);

/** Replaces entries that cannot be read: not a line of the chain, so that the loss is visible. */
const LOST = '(earlier entries could not be read)';

/** Bytes to read: twice the largest `history.maximumBytes`. */
const READ_BYTES = 128 * MIB;

/**
 * Adds an entry. If the file would exceed `maximumBytes`, the oldest entries are dropped until half
 * of that is left: so this happens rarely, and the remaining chain can still be verified.
 *
 * @throws MicroLinuxError `state-unreadable`, `state-unwritable`.
 */
export function appendHistory(
  directory: string,
  event: HistoryEvent,
  options: { readonly maximumBytes: number },
): void {
  const path = historyPath(directory);
  let lines = linesOf(readStateFile(path, READ_BYTES));
  const last = lines.at(-1);
  lines.push(JSON.stringify({ previous: last === undefined ? FIRST : sha256(last), entry: event }));
  if (bytesOf(lines) > options.maximumBytes) {
    lines = newest(lines, options.maximumBytes / 2);
  }
  writeStateFile(path, `${lines.join('\n')}\n`);
}

/** Reads it; damage sets `intact` to false. @throws MicroLinuxError `state-unreadable`. */
export function readHistory(directory: string): History {
  const lines = linesOf(readStateFile(historyPath(directory), READ_BYTES));
  const entries: HistoryEvent[] = [];
  let intact = true;
  for (const [index, line] of lines.entries()) {
    const parsed = parseLine(line);
    const before = lines[index - 1];
    // The predecessor of the first line may have been dropped, so it cannot be compared.
    if (!parsed || (before !== undefined && parsed.previous !== sha256(before))) {
      intact = false;
    }
    if (parsed) {
      entries.push(parsed.entry);
    }
  }
  return { entries, intact };
}

function parseLine(line: string): z.infer<typeof lineSchema> | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function newest(lines: readonly string[], bytes: number): string[] {
  const kept = [...lines];
  // The newest entry stays, however long it is.
  while (kept.length > 1 && bytesOf(kept) > bytes) {
    kept.shift();
  }
  return kept;
}

function linesOf(text: string | undefined): string[] {
  return text === '' ? [LOST] : (text ?? '').split('\n').filter((line) => line !== '');
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const historyPath = (directory: string) => join(directory, 'history.jsonl');
