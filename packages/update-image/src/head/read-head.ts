import { setImmediate } from 'node:timers/promises';
import { updateFileBytes } from '../chunks/chunk-places.ts';
import type { UpdateSource } from '../source.ts';
import { failed } from '../update-error.ts';
import type { TrustPolicy } from '../verify/trust.ts';
import { verifyHead } from '../verify/verify-head.ts';
import { parseHead, takeHeadApart } from './parse-head.ts';
import type { RawHead } from './raw-head.ts';
import type { UpdateHead } from './update-head.ts';

/** A head whose signatures were checked before its manifest was parsed. */
export interface VerifiedHead {
  readonly head: UpdateHead;
  /** Ids of the trusted keys that signed. */
  readonly signedBy: readonly string[];
}

/** How a reading of up to 16 MiB is watched, which may come slowly. */
export interface ReadWatch {
  /** Ends it at once, with its reason as the error. */
  readonly signal?: AbortSignal | undefined;
  /** Called for each piece that was read. */
  readonly alive?: (() => void) | undefined;
}

/** Bytes of a head that are read at once. */
const PIECE_BYTES = 256 * 1024;

/**
 * Reads what stands before the chunks. The signatures are checked over the bytes as they are; only
 * then is the manifest parsed. Where the source knows its length, that must be what the manifest
 * says.
 *
 * @throws MicroLinuxError `update-truncated`, `not-an-update`, `format-unsupported`,
 *   `signatures-invalid`; what `verifyHead` throws; then `manifest-invalid`, `update-trailing-data`;
 *   and what the source throws.
 */
export async function readVerifiedHead(
  source: UpdateSource,
  trust: TrustPolicy,
  watch: ReadWatch = {},
): Promise<VerifiedHead> {
  const raw = await readRawHead(source, watch);
  await letSignalIn(watch);
  const signedBy = verifyHead(raw, trust);
  await letSignalIn(watch);
  const head = parseChecked(source, raw);
  await letSignalIn(watch);
  return { head, signedBy };
}

/**
 * Reads a head **without** verifying it, for tools that show an update or pass it on. Its manifest
 * may be anybody's: it is parsed within bounds, but nothing may be done because of what it says.
 *
 * @throws MicroLinuxError as {@link readVerifiedHead}, but for the signatures.
 */
export async function readHead(source: UpdateSource): Promise<UpdateHead> {
  return parseChecked(source, await readRawHead(source));
}

async function readRawHead(source: UpdateSource, watch: ReadWatch = {}): Promise<RawHead> {
  const parser = takeHeadApart();
  let step = parser.next();
  while (!step.done) {
    const { offset, length } = step.value;
    const bytes = Buffer.allocUnsafeSlow(length);
    for (let done = 0; done < length; done += PIECE_BYTES) {
      await source.readAt(offset + done, bytes.subarray(done, done + PIECE_BYTES), watch.signal);
      watch.alive?.();
    }
    step = parser.next(bytes);
  }
  return step.value;
}

/**
 * Verifying and parsing 16 MiB keeps the event loop busy for a moment each: a signal that came
 * meanwhile is seen here. Two turns, because the first may be the end of one that has polled already.
 */
async function letSignalIn({ signal }: ReadWatch): Promise<void> {
  await setImmediate();
  await setImmediate();
  signal?.throwIfAborted();
}

function parseChecked(source: UpdateSource, raw: RawHead): UpdateHead {
  const head = parseHead(raw);
  if (source.size !== undefined) {
    checkLength(source.name, source.size, updateFileBytes(head));
  }
  return head;
}

function checkLength(name: string, actual: number, expected: number): void {
  if (actual < expected) {
    throw failed({
      code: 'update-truncated',
      message: `${name} is cut off`,
      why: `it has ${actual} bytes of ${expected}`,
      hint: 'fetch it again',
      details: { bytes: actual, expectedBytes: expected },
    });
  }
  if (actual > expected) {
    throw failed({
      code: 'update-trailing-data',
      message: `${name} is longer than the update in it`,
      why: `it has ${actual} bytes; the update ends after ${expected}`,
      hint: 'fetch it again',
      details: { bytes: actual, expectedBytes: expected },
    });
  }
}
