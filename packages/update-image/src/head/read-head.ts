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

/**
 * Reads what stands before the chunks. The signatures are checked over the bytes as they are; only
 * then is the manifest parsed. Where the source knows its length, that must be what the manifest
 * says.
 *
 * @param signal ends the reading at once, with its reason as the error.
 * @throws MicroLinuxError `update-truncated`, `not-an-update`, `format-unsupported`,
 *   `signatures-invalid`; what `verifyHead` throws; then `manifest-invalid`, `update-trailing-data`;
 *   and what the source throws.
 */
export async function readVerifiedHead(
  source: UpdateSource,
  trust: TrustPolicy,
  signal?: AbortSignal,
): Promise<VerifiedHead> {
  const raw = await readRawHead(source, signal);
  const signedBy = verifyHead(raw, trust);
  return { head: parseChecked(source, raw), signedBy };
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

async function readRawHead(source: UpdateSource, signal?: AbortSignal): Promise<RawHead> {
  const parser = takeHeadApart();
  let step = parser.next();
  while (!step.done) {
    const bytes = Buffer.allocUnsafeSlow(step.value.length);
    await source.readAt(step.value.offset, bytes, signal);
    step = parser.next(bytes);
  }
  return step.value;
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
