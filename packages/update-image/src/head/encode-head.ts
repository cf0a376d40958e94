import { failed } from '../update-error.ts';
import { SkippableMagic, skippableFrame } from '../zstd/skippable-frame.ts';
import { parseHead, takeHeadApart } from './parse-head.ts';
import type { RawHead } from './raw-head.ts';
import { encodeSignatures } from './signatures.ts';
import type { UpdateHead } from './update-head.ts';

/** The first two frames of an update, byte for byte: what a device stores about a slot. */
export function encodeHead(head: Pick<RawHead, 'manifestBytes' | 'signatures'>): Buffer {
  return Buffer.concat([
    skippableFrame(SkippableMagic.manifest, head.manifestBytes),
    skippableFrame(SkippableMagic.signatures, encodeSignatures(head.signatures)),
  ]);
}

/**
 * Reads what {@link encodeHead} wrote; not verified.
 *
 * @throws MicroLinuxError `update-truncated`, `update-trailing-data`, `not-an-update`,
 *   `format-unsupported`, `manifest-invalid`, `signatures-invalid`.
 */
export function decodeHead(bytes: Buffer): UpdateHead {
  const parser = takeHeadApart();
  let step = parser.next();
  while (!step.done) {
    const { offset, length } = step.value;
    if (offset + length > bytes.length) {
      throw failed({
        code: 'update-truncated',
        message: 'the head of the update is cut off',
        why: `it has ${bytes.length} bytes, and at least ${offset + length} are needed`,
      });
    }
    step = parser.next(bytes.subarray(offset, offset + length));
  }
  if (step.value.payloadOffset !== bytes.length) {
    throw failed({
      code: 'update-trailing-data',
      message: 'more bytes follow the head of the update',
      why: `it has ${bytes.length} bytes; the head ends after ${step.value.payloadOffset}`,
    });
  }
  return parseHead(step.value);
}
