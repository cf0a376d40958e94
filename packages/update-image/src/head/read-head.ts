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

/** Callbacks for a read of up to 16 MiB, which may be slow. */
export interface ReadWatch {
  /** Stops it immediately; its reason becomes the error. */
  readonly signal?: AbortSignal | undefined;
  /** Called for each piece that was read. */
  readonly alive?: (() => void) | undefined;
}

/** Number of bytes of a head per read. */
const PIECE_BYTES = 256 * 1024;

/**
 * Reads what precedes the chunks. The signatures are checked over the raw bytes; only then is the
 * manifest parsed. If the source knows its length, it must match the manifest.
 *
 * @throws MicroLinuxError `update-truncated`, `not-an-update`, `format-unsupported`,
 *   `signatures-invalid`; what `verifyHead` throws; then `manifest-invalid`,
 *   `update-trailing-data`; and what the source throws.
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
 * Reads a head **without** verifying it, for tools that show or copy an update. Anybody may have
 * written its manifest: it is parsed within bounds, but must not be acted on.
 *
 * @throws MicroLinuxError as {@link readVerifiedHead}, except for the signatures.
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
 * Verifying and parsing 16 MiB blocks the event loop for a moment each; this lets a signal that
 * arrived meanwhile take effect. Two turns, because the first may be the end of one that has
 * already polled.
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
